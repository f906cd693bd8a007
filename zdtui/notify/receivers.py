"""Who is told what: the receivers of `config.toml`, and those among them that a plan names. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from zdtui.configuration.settings import Settings
from zdtui.notify.notice import Kind, Notice, kind_of

USUAL = frozenset({Kind.WAITING, Kind.HELD, Kind.FAILED, Kind.GUARD, Kind.LOST, Kind.FINISHED, Kind.TEST})
"""What is told unless `on` says otherwise: what a person has to know, and not each step."""
NOT_INSTALLED = "nobody is told: notices are sent by apprise, which is not installed: pip install 'zdtui[notify]'"
NONE_AT_ALL = "nobody is told: the plan names receivers, and your config.toml has none"


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


def receivers_of(settings: Settings) -> Receivers:
    """Who is told, by the configuration."""
    on = USUAL if settings.told_on is None else frozenset(Kind(each) for each in settings.told_on)
    return Receivers(settings.receivers, on)


def of_run(settings: Settings, names: Sequence[str], *, installed: bool) -> tuple[Receivers, str]:
    """Whom a run of a plan that names these receivers tells; and a sentence about who is not told that should be.

    `installed` says whether what delivers notices is there.
    """
    if not settings.receivers:
        return Receivers(), NONE_AT_ALL if names else ""
    receivers, missing = receivers_of(settings).of_plan(names)
    if receivers.urls and not installed:
        return Receivers(), NOT_INSTALLED
    return receivers, "; ".join(filter(None, (missing, exposed(settings))))


def exposed(settings: Settings) -> str:
    """That others can read the addresses, and what to do; empty where they cannot, or there are none."""
    if not settings.receivers or not settings.open_to_others:
        return ""
    return f"others on this machine can read your receivers' addresses, which hold secrets: chmod 600 {settings.where}"
