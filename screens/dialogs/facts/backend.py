"""Facts about one backend that was opened: who it is, what it does and holds, whom it keeps waiting. Pure."""

from collections.abc import Sequence

from screens.dialogs.frame.sheet import Fact, Rank
from screens.look import Look
from screens.words import figure
from zdtui import amounts
from zdtui.counted import counted
from zdtui.run.decisions.snapshot import Snapshot
from zdtui.sql.lock_modes import LockMode
from zdtui.watch.details import BackendDetails, Other, OwnLock
from zdtui.watch.samples import Backend

NAMED = 4
"""Sessions named one by one; the others are counted."""
THINGS = 6
"""Things locked in one mode that are named."""
NOT_SEEN = "this role may not see what it does (grant pg_monitor); its locks are all that is told of everybody"


def client(backend: Backend) -> str:
    """'10.0.4.9:51022', 'this machine'; empty when nobody is at the other end, or it is not to be seen."""
    if backend.client_address is None:
        return ""
    if backend.client_address == "local":
        return "a Unix socket"
    host = f"[{backend.client_address}]" if ":" in backend.client_address else backend.client_address
    return host if backend.client_port is None else f"{host}:{backend.client_port}"


def backend_facts(snapshot: Snapshot, known: BackendDetails) -> tuple[Fact, ...]:
    """In the order in which one asks: who, doing what, written what, holding what, in whose way."""
    backend = known.backend
    seen: tuple[Fact, ...] = (
        (Fact("careful", NOT_SEEN, Look.WARN, Rank.DECIDES),)
        if backend.hidden
        else (
            Fact("who", _who(known), Look.STRONG, Rank.DECIDES),
            Fact("doing", _doing(backend)),
            Fact("wrote", _wrote(backend), rank=Rank.DECIDES),
        )
    )
    return (
        *seen,
        *lock_facts(known.locks, known.locks_in_all),
        *_kept_by(known.kept_by),
        *_behind(snapshot, known),
        *_group(known),
    )


def query_text(known: BackendDetails) -> str:
    """The whole query, as far as the server keeps it."""
    if known.backend.hidden:
        return "(not to be seen by this role)"
    cut = "\n... the server keeps no more of it (track_activity_query_size)" if known.query_is_cut else ""
    return (known.backend.query or "(none)") + cut


def _who(known: BackendDetails) -> str:
    backend = known.backend
    where = f" from {client(backend)}" if backend.client_address is not None else ""
    name = f"{backend.user}@{backend.database or '-'}" if backend.user is not None else backend.backend_type
    kind = f", {backend.backend_type}" if backend.backend_type not in ("client backend", name) else ""
    ours = ", ours" if backend.ours else ""
    since = f"since {backend.key.backend_start:%Y-%m-%d %H:%M:%S} UTC ({figure(known.backend_age, amounts.age)})"
    return f"{name}{where}{kind}{ours}, {since}"


def _doing(backend: Backend) -> str:
    said = [f"{backend.state or backend.backend_type} for {figure(backend.state_age, amounts.age)}"]
    if backend.wait_event:
        idle = backend.wait_event_type == "Client"
        said.append("waits for its client" if idle else f"waits for {backend.wait_event_type}: {backend.wait_event}")
    if backend.transaction_age is None:
        said.append("no transaction")
    else:
        said.append(f"transaction {amounts.age(backend.transaction_age)}")
    if backend.xmin_age is not None:
        said.append(
            f"its snapshot is {counted(backend.xmin_age, 'transaction', shown=amounts.number(backend.xmin_age))} old"
        )
    return ", ".join(said)


def _wrote(backend: Backend) -> str:
    if backend.transaction_age is None:
        return "nothing that is open: it has no transaction"
    if backend.has_written:
        return "yes, or locked rows: its transaction has an id, and a rollback undoes what it changed"
    return "nothing in this transaction: it has no id, so ending it undoes nothing"


def lock_facts(locks: Sequence[OwnLock], in_all: int) -> tuple[Fact, ...]:
    """What it holds, the strongest mode first, and what it wants."""
    holds, wants = ([each for each in locks if each.granted is granted] for granted in (True, False))
    more = f"; {amounts.number(in_all - len(locks))} more" if in_all > len(locks) else ""
    held = Fact("holds", f"{_by_mode(holds)}{more}" if holds else "no lock that anybody could wait for")
    return (held, *((Fact("wants", _by_mode(wants), Look.WARN),) if wants else ()))


def _by_mode(locks: Sequence[OwnLock]) -> str:
    things: dict[str, list[str]] = {}
    for lock in sorted(locks, key=lambda each: -_strength(each.mode)):
        things.setdefault(lock.mode, []).append(lock.what)
    return "; ".join(f"{mode} {_some(what)}" for mode, what in things.items())


def _some(things: Sequence[str]) -> str:
    named = ", ".join(things[:THINGS])
    return f"{named} and {len(things) - THINGS} more" if len(things) > THINGS else named


def _strength(name: str) -> int:
    return next((mode.strength for mode in LockMode if str(mode) == name), 0)


def _kept_by(others: Sequence[Other]) -> tuple[Fact, ...]:
    return (Fact("waits", f"for {_others(others)}", Look.WARN),) if others else ()


def _behind(snapshot: Snapshot, known: BackendDetails) -> tuple[Fact, ...]:
    """Those it keeps waiting in a queue; and whether our step waits for it outside of one."""
    locking = None if snapshot.activity is None else snapshot.activity.locking
    ours = locking is not None and any(node.backend.key == known.backend.key for node in locking.holders)
    named = ["our step, which waits outside the queue"] if ours else []
    named += [_others(known.behind)] if known.behind else []
    return (
        (Fact("in way", f"of {'; '.join(named)}", Look.WARN, Rank.DECIDES),)
        if named
        else (Fact("in way", "of nobody"),)
    )


def _others(others: Sequence[Other]) -> str:
    named = ", ".join(_other(each) for each in others[:NAMED])
    return f"{named} and {len(others) - NAMED} more" if len(others) > NAMED else named


def _other(each: Other) -> str:
    name = f"{each.pid} {each.application}".strip() if each.pid else "a prepared transaction"
    return f"{name} ({each.wants})" if each.wants else name


def _group(known: BackendDetails) -> tuple[Fact, ...]:
    if known.backend.leader_pid is not None:
        return (Fact("leader", f"{known.backend.leader_pid}: this is a parallel worker of it", Look.STRONG),)
    if not known.worker_pids:
        return ()
    pids = ", ".join(str(pid) for pid in known.worker_pids)
    many = counted(len(known.worker_pids), "parallel worker")
    return (Fact("leads", f"{many}, {pids}: they end with its statement"),)
