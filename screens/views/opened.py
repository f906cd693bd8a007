"""What a selected row stands for: the subject of its details, or why there are none. Pure."""

from collections.abc import Hashable

from zdtui.run.decisions.snapshot import Snapshot
from zdtui.watch.details import OfBackend, OfPrepared, OfSlot, Subject
from zdtui.watch.samples import BackendKey, Unseen

NOTHING = "no row is selected that could be opened"


def subject_of(snapshot: Snapshot, key: Hashable | None) -> Subject | str:
    """The subject of the row with that key, in the words its view gives keys; else a sentence."""
    if isinstance(key, BackendKey):
        return _backend(snapshot, key)
    kind, name = (key[0], key[1]) if isinstance(key, tuple) and len(key) > 1 else ("", "")
    if kind == "command" and isinstance(name, int):
        return OfBackend(name, reports_progress=True)
    if kind == "standby":
        return _standby(snapshot, str(name))
    if kind == "slot":
        return OfSlot(str(name))
    return f"{name} is gone: there is nothing to look at" if kind == "gone" else NOTHING


def _backend(snapshot: Snapshot, key: BackendKey) -> Subject | str:
    if key.pid:
        return OfBackend(key.pid, key.backend_start)
    prepared = next((each for each in snapshot.backends_in_sight() if each.key == key), None)
    return NOTHING if prepared is None else OfPrepared(prepared.application)


def _standby(snapshot: Snapshot, name: str) -> Subject | str:
    sample = snapshot.samples.replication.sample
    if sample is None or isinstance(sample.standbys, Unseen):
        return NOTHING
    found = next((each for each in sample.standbys if each.name == name), None)
    if found is None:
        return NOTHING
    if found.pid is None:
        return f"no session of this server serves {name}: {sample.source} tells its lag, and no more"
    return OfBackend(found.pid)
