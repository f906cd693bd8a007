"""What real servers were seen to do, as it is kept: a file for each version, a line for each statement."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.corpus import FOLDER
from zdtui.sql.lock_modes import LockMode
from zdtui.sql.text.name import Name
from zdtui.trace.observed import Observed, ObservedLock

OBSERVED = FOLDER / "observed"
FILES = ("rewrites", "rebuilds", "scans", "created")


@dataclass(frozen=True)
class Seen:
    """One statement on one server."""

    observed: Observed
    transactional: bool = True
    """Whether the server took it in a transaction block."""


Outcome = Seen | str
"""What was seen, or the server's refusal."""


def written(found: dict[str, Outcome]) -> str:
    """As it is kept: one case a line, so that a difference is a line."""
    lines = [
        f"{json.dumps(name)}: {json.dumps(_as_data(each), sort_keys=True)}" for name, each in sorted(found.items())
    ]
    return "{\n" + ",\n".join(lines) + "\n}\n"


def kept(version: int) -> dict[str, Outcome]:
    """What was observed on that version when the corpus was last written; empty before that."""
    file = OBSERVED / f"{version}.json"
    data = json.loads(file.read_text()) if file.exists() else {}
    return {name: _from_data(each) for name, each in data.items()}


def keep(version: int, found: dict[str, Outcome]) -> Path:
    """Write what was observed; the file."""
    OBSERVED.mkdir(exist_ok=True)
    file = OBSERVED / f"{version}.json"
    file.write_text(written(found))
    return file


def _as_data(seen: Outcome) -> Any:
    if isinstance(seen, str):
        return seen
    data: dict[str, Any] = {"locks": {str(lock.relation): str(lock.mode) for lock in seen.observed.locks}}
    for what in FILES:
        if names := getattr(seen.observed, what):
            data[what] = [str(name) for name in names]
    return data if seen.transactional else data | {"transactional": False}


def _from_data(data: Any) -> Outcome:
    if isinstance(data, str):
        return data
    locks = tuple(sorted(ObservedLock(_name(name), LockMode(mode)) for name, mode in data["locks"].items()))
    rest = {what: tuple(map(_name, data.get(what, ()))) for what in FILES}
    return Seen(Observed(locks=locks, **rest), data.get("transactional", True))


def _name(text: str) -> Name:
    return Name(*text.split(".", 1))
