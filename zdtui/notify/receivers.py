"""Who is told what: the receivers of `config.toml`, and those among them that a plan names. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from zdtui.notify.notice import Kind, Notice, kind_of

USUAL = frozenset({Kind.WAITING, Kind.HELD, Kind.FAILED, Kind.GUARD, Kind.LOST, Kind.FINISHED, Kind.TEST})
"""What is told unless `on` says otherwise: what a person has to know, and not each step."""


@dataclass(frozen=True, slots=True)
class Receivers:
    """Addresses by name, as apprise writes them, and the kinds of notice they are told."""

    urls: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Hold tokens and passwords: nothing prints them."""
    on: frozenset[Kind] = USUAL

    def of_plan(self, names: Sequence[str]) -> tuple["Receivers", str]:
        """Those the plan names, or all where it names none; and a sentence about those that are not there."""
        if not names:
            return self, ""
        missing = [name for name in names if name not in self.urls]
        said = f"your config.toml has no receiver {', '.join(missing)}: nobody is told there" if missing else ""
        return Receivers({name: self.urls[name] for name in names if name in self.urls}, self.on), said

    def wants(self, notice: Notice) -> bool:
        """Whether anybody is to be told."""
        kind = kind_of(notice)
        return bool(self.urls) and (kind in self.on or kind is Kind.TEST)
