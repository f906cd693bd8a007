"""What a rule is: a name, what it means, how it is found, and an example of the bad and of the good."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from zdtui.hazards.context import Context
from zdtui.hazards.hazard import Hazard, Safer, Severity

DOCUMENTATION = "https://www.postgresql.org/docs/current/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """SQL, or the steps of a plan as YAML, on a small schema: what triggers the rule and what does not."""

    given: str = ""
    """SQL that makes the schema."""
    bad: str
    good: str
    steps: bool = False
    """Whether bad and good are a plan's steps rather than SQL."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a rule says of a statement; the rule's own severity unless it says another."""

    sentence: str
    safer: Safer | None = None
    severity: Severity | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule. Neighbours look alike: a new one is a file beside them and a line in the list."""

    name: str
    severity: Severity
    title: str
    why: str
    """What happens to the application and why, for the rule's page."""
    find: Callable[[Context], Iterable[Found]]
    example: Example
    sources: tuple[str, ...] = ()
    """Pages that say so."""
    squawk: tuple[str, ...] = ()
    """Squawk's rules that say the same."""

    def hazards(self, context: Context) -> tuple[Hazard, ...]:
        """What it finds, as hazards."""
        return tuple(
            Hazard(
                rule=self.name,
                severity=found.severity or self.severity,
                sentence=found.sentence,
                safer=found.safer,
            )
            for found in self.find(context)
        )


def safer(sentence: str, *sql: str, fixable: bool = False) -> Safer:
    """The safer way as statements."""
    return Safer(sentence=sentence, sql="\n".join(f"{each};" for each in sql), fixable=fixable)
