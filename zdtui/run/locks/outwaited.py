"""Who would make CONCURRENTLY statements wait, of those the panes see now: what PostgreSQL waits for, and nobody else.

The one source of what a question says of it. Pure.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from zdtui.sql.lock_modes import LockMode
from zdtui.sql.outwaits import outwaits
from zdtui.sql.statement import Statement
from zdtui.watch.samples import Backend, Samples

NOT_WAITED_FOR = re.compile(r"\s*VACUUM\b(?!.*\bFULL\b)", re.IGNORECASE | re.DOTALL)
"""PostgreSQL leaves the snapshot of a VACUUM out of account."""


@dataclass(frozen=True, slots=True)
class Outwaited:
    """A session the statements would wait for."""

    pid: int
    """0: a prepared transaction."""
    who: str
    why: str
    """'holds ROW EXCLUSIVE on public.t', 'holds a snapshot'."""
    age: timedelta | None


def outwaited(statements: Sequence[Statement], samples: Samples, database: str) -> tuple[Outwaited, ...]:
    """Each once, lockers of the step's tables first, and then the oldest. Of what is hidden nothing is said here."""
    wanted = [found for statement in statements if (found := outwaits(statement)) is not None]
    modes = {mode for each in wanted for mode in each.modes}
    named = {each.pid: each for each in reversed(_lockers(samples, modes))}
    if any(each.snapshots for each in wanted) and samples.queries.sample is not None:
        for backend in samples.queries.sample.backends:
            if _holds_a_snapshot(backend, database):
                named.setdefault(backend.key.pid, _snapshot(backend))
    return tuple(sorted(named.values(), key=lambda each: (each.why == SNAPSHOT, -(each.age or timedelta(0)))))


SNAPSHOT = "holds a snapshot"


def _lockers(samples: Samples, modes: set[LockMode]) -> list[Outwaited]:
    weights = samples.weights.sample
    return [
        Outwaited(holder.pid, holder.application, f"holds {holder.mode} on {weight.relation}", holder.transaction_age)
        for weight in (() if weights is None else weights.weights)
        for holder in weight.holders
        if any(holder.mode.conflicts_with(mode) for mode in modes)
    ]


def _holds_a_snapshot(backend: Backend, database: str) -> bool:
    here = backend.database == database and backend.backend_type != "autovacuum worker" and not backend.ours
    return here and backend.xmin_age is not None and not NOT_WAITED_FOR.match(backend.query)


def _snapshot(backend: Backend) -> Outwaited:
    who = backend.application or backend.user or backend.backend_type
    return Outwaited(backend.key.pid, who, SNAPSHOT, backend.transaction_age)
