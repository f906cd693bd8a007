"""Evidence as a rehearsal leaves it, for tests."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from zdtui.evidence.model import (
    Evidence,
    HeldLock,
    Leg,
    Outcome,
    RelationSize,
    RollbackVerdict,
    StepEvidence,
    Way,
)
from zdtui.plan.confirmed import text_digest
from zdtui.plan.model import Plan, Step
from zdtui.sql.lock_modes import LockMode

WHEN = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
USERS = "public.users"
FORWARD = Leg(
    way=Way.FORWARD,
    seconds=3.1,
    locks=(HeldLock(relation=USERS, mode=LockMode.ACCESS_EXCLUSIVE, seconds=0.014),),
    scans=(),
    wal_bytes=8_192,
    worst_stall=0.02,
    notices=1,
)
BACK = Leg(way=Way.BACK, seconds=0.2, locks=(), scans=())


def seen(step: Step, **changes: Any) -> StepEvidence:
    """A step that was gone forward, back and forward, and came back exactly."""
    as_seen: dict[str, Any] = {
        "step": step.id,
        "digest": text_digest(step),
        "outcome": Outcome.DONE,
        "rollback": RollbackVerdict.EXACT,
        "legs": (FORWARD, BACK, FORWARD),
        "sizes": (RelationSize(relation=USERS, bytes=50 * 1024 * 1024, rows=300_000),),
        "catalog": {"columns": "aa", "indexes": "bb"},
    }
    return StepEvidence(**as_seen | changes)


def evidence(plan: Plan, steps: Iterable[StepEvidence] | None = None, **changes: Any) -> Evidence:
    """Of the whole plan, on staging; by default each step as `seen` has it."""
    as_made: dict[str, Any] = {
        "zdtui": "0.2.0",
        "plan_name": plan.name,
        "plan_digest": plan.digest,
        "rehearsed_at": WHEN,
        "target": "staging",
        "server_version": "16.4",
        "steps": tuple(map(seen, plan.steps) if steps is None else steps),
    }
    return Evidence(**as_made | changes)
