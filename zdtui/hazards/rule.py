"""What a rule is: a name, what it means, how it is found, and an example of the bad and of the good."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from zdtui.hazards.context import Context
from zdtui.hazards.hazard import Hazard, Safer, Severity
from zdtui.sql.operation import Operation

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


@dataclass(frozen=True, slots=True)
class Finder:
    """What looks at a statement; only at one with an operation of these kinds, where they are named."""

    find: Callable[[Context], Iterable[Found]]
    kinds: frozenset[str] | None = None


Looker = Callable[[Context, Operation], Iterable[Found]]
"""Looks at one operation of a statement."""


def on(*kinds: str) -> Callable[[Looker], Finder]:
    """Looks at each operation of these kinds, whatever it is done to."""
    chosen = frozenset(kinds)
    return _finder(chosen, lambda context: (each for each in context.operations if each.kind in chosen))


def in_use(*kinds: str) -> Callable[[Looker], Finder]:
    """Looks at each operation of these kinds on a relation that is in use: one that the same text made is not."""
    return _finder(frozenset(kinds), lambda context: context.of_kind(*kinds))


def with_rows(*kinds: str) -> Callable[[Looker], Finder]:
    """The same, on a relation that may have rows: what reads or writes an empty table is done at once."""
    return _finder(frozenset(kinds), lambda context: context.with_rows(*kinds))


def _finder(kinds: frozenset[str], chosen: Callable[[Context], Iterable[Operation]]) -> Callable[[Looker], Finder]:
    def made(look: Looker) -> Finder:
        return Finder(lambda context: (found for each in chosen(context) for found in look(context, each)), kinds)

    return made


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule. Neighbours look alike: a new one is a file beside them and a line in the list."""

    name: str
    severity: Severity
    title: str
    why: str
    """What happens to the application and why, for the rule's page."""
    find: Callable[[Context], Iterable[Found]] | Finder | tuple[Finder, ...]
    example: Example
    sources: tuple[str, ...] = ()
    """Pages that say so."""
    squawk: tuple[str, ...] = ()
    """Squawk's rules that say the same."""

    @property
    def finders(self) -> tuple[Finder, ...]:
        """What looks for it, one after the other."""
        if isinstance(self.find, tuple):
            return self.find
        return (self.find if isinstance(self.find, Finder) else Finder(self.find),)

    def hazard(self, found: Found) -> Hazard:
        """What was found, as a hazard."""
        return Hazard(
            rule=self.name, severity=found.severity or self.severity, sentence=found.sentence, safer=found.safer
        )


def safer(sentence: str, *sql: str, fixable: bool = False) -> Safer:
    """The safer way as statements."""
    return Safer(sentence=sentence, sql="\n".join(f"{each};" for each in sql), fixable=fixable)
