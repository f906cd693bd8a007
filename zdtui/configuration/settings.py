"""What the configuration says, judged: each entry is what it is meant to be, or one sentence says what and where."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from zdtui.configuration.file import config_file, is_read_by_others, read_table
from zdtui.configuration.zone import zone_named
from zdtui.drawable import drawable
from zdtui.errors import ZdtuiError
from zdtui.plan.problems import did_you_mean

KINDS = ("step-done", "waiting", "held", "failed", "guard", "connection-lost", "finished")
"""Of notices; held equal to those there are by a test, because this page imports nothing of a run."""
SIGNS = ("bell", "osc9", "osc777")


@dataclass(frozen=True, slots=True)
class Target:
    """A database by a name of the operator's."""

    name: str
    dsn: str
    """Connection string or URI; what it leaves out is libpq's."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The whole configuration. What is not said is None or empty: a command line may say it, or the default holds."""

    where: str = ""
    """The file it was read from, for sentences."""
    open_to_others: bool = False
    """Others on this machine may read that file."""
    theme: str | None = None
    ascii_only: bool | None = None
    mouse: bool = False
    zone: ZoneInfo | None = None
    """The time zone that is shown beside UTC."""
    targets: Mapping[str, Target] = field(default_factory=dict)
    receivers: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Addresses of who is told, by name."""
    told_on: tuple[str, ...] | None = None
    """Kinds of notice, as written; None: the usual ones."""
    signs: tuple[str, ...] = ()
    """What the terminal itself is given with a notice."""
    keys: Mapping[str, Any] = field(default_factory=dict)
    """As written: the registry of actions judges them."""

    def target(self, name: str) -> Target:
        """The target of that name. Raises ZdtuiError that names those there are."""
        if name in self.targets:
            return self.targets[name]
        if not self.targets:
            raise ZdtuiError(f"there is no target {_said(name)}: {self.where} names none; add [targets.{_said(name)}]")
        hint = did_you_mean(name, tuple(self.targets))
        raise ZdtuiError(f"there is no target {_said(name)} in {self.where}{hint}")


def load_settings(path: Path | None = None) -> Settings:
    """The operator's settings. Raises ZdtuiError with one sentence for a file that cannot be used."""
    path = path or config_file()
    return replace(settings_of(read_table(path), str(path)), open_to_others=is_read_by_others(path))


def settings_of(table: Mapping[str, Any], where: str) -> Settings:
    """What the table says. Raises ZdtuiError, naming the entry and, for one that is not known, the near miss."""
    known: Mapping[str, Callable[[Any, str], Any]] = {
        "theme": _text,
        "ascii": _yes_or_no,
        "mouse": _yes_or_no,
        "time_zone": _zone,
        "targets": _targets,
        "keys": _keys,
        "notify": _notify,
    }
    _all_known(table, known, where)
    said = {name: known[name](value, f"{where}: {name}") for name, value in table.items()}
    return Settings(
        where=where,
        theme=said.get("theme"),
        ascii_only=said.get("ascii"),
        mouse=said.get("mouse", False),
        zone=said.get("time_zone"),
        targets=said.get("targets", {}),
        keys=said.get("keys", {}),
        **said.get("notify", {}),
    )


def _all_known(table: Mapping[str, Any], known: Mapping[str, Any], where: str) -> None:
    for name in table:
        if name not in known:
            raise ZdtuiError(f"{where}: there is no entry {_said(name)}{did_you_mean(name, tuple(known))}")


def _text(value: Any, where: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ZdtuiError(f"{where} is a text in quotes, not {_written(value)}")
    return value


def _yes_or_no(value: Any, where: str) -> bool:
    if not isinstance(value, bool):
        raise ZdtuiError(f"{where} is true or false, not {_written(value)}")
    return value


def _zone(value: Any, where: str) -> ZoneInfo:
    return zone_named(_text(value, where), where)


def _keys(value: Any, where: str) -> Mapping[str, Any]:
    return _table(value, where, 'note = "N"')


def _targets(value: Any, where: str) -> Mapping[str, Target]:
    found = _table(value, where, 'staging = { dsn = "service=staging" }')
    return {name: _target(name, each, f"{where}.{_said(name)}") for name, each in found.items()}


def _notify(value: Any, where: str) -> Mapping[str, Any]:
    table = _table(value, where, 'receivers = { oncall = "slack://..." }')
    _all_known(table, dict.fromkeys(("receivers", "on", "terminal")), where)
    urls = _table(table.get("receivers", {}), f"{where}.receivers", 'oncall = "slack://..."')
    return {
        "receivers": {name: _text(url, f"{where}.receivers.{_said(name)}") for name, url in urls.items()},
        "told_on": _words(table["on"], f"{where}.on", KINDS) if "on" in table else None,
        "signs": _words(table.get("terminal", []), f"{where}.terminal", SIGNS),
    }


def _words(value: Any, where: str, known: tuple[str, ...]) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise ZdtuiError(f"{where} is a list of words: {', '.join(known)}")
    for each in value:
        if each not in known:
            raise ZdtuiError(f"{where}: there is no {_said(each)}{did_you_mean(each, known)}")
    return tuple(value)


def _target(name: str, value: Any, where: str) -> Target:
    if isinstance(value, str):
        return Target(name, _text(value, where))
    table = _table(value, where, 'dsn = "service=staging"')
    _all_known(table, {"dsn": _text}, where)
    if "dsn" not in table:
        raise ZdtuiError(f'{where} needs its dsn, such as dsn = "service=staging"')
    return Target(name, _text(table["dsn"], f"{where}.dsn"))


def _table(value: Any, where: str, example: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise ZdtuiError(f"{where} is a table, such as {example}, not {_written(value)}")
    return value


def _said(name: str) -> str:
    return drawable(name)[:40]


def _written(value: Any) -> str:
    """What kind of thing it is: never the value, which may be a connection string with its password."""
    kinds = {bool: "true or false", int: "a number", float: "a number", str: "an empty text", list: "a list"}
    return kinds.get(type(value), "a table" if isinstance(value, dict) else "a date")
