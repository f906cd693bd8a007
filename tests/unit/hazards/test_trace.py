"""A trace laid beside what was predicted: it adds and takes nothing away, and where the two differ it is said."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zdtui.errors import PlanError
from zdtui.hazards.hazard import Finding, Part, Place
from zdtui.hazards.trace import (
    Trace,
    TracedLock,
    TracedStatement,
    TracedStep,
    read_trace,
    statement_digest,
    with_trace,
)
from zdtui.hazards.wording import effects_line
from zdtui.plan.model import StepId
from zdtui.sql.effects import Effects, Lock, Unnamed
from zdtui.sql.lock_modes import LockMode
from zdtui.sql.operation import Operation
from zdtui.sql.split import split
from zdtui.sql.text.name import Name

SQL = "ALTER TABLE orders ADD COLUMN x int DEFAULT random()"
ORDERS, USERS = Name(None, "orders"), Name("shop", "users")
PREDICTED = Effects(locks=(Lock(ORDERS, LockMode.ACCESS_EXCLUSIVE, "the table"),), scans=(ORDERS,), certain=False)
FINDING = Finding(
    statement=split(SQL)[0],
    place=Place(path="p.yaml", line=3, column=5, step=StepId("add")),
    operations=(Operation(kind="ALTER TABLE ADD COLUMN"),),
    effects=PREDICTED,
)
TOOK = TracedStatement(
    part=Part.ACTION,
    index=0,
    digest=statement_digest(SQL),
    locks=(TracedLock(schema_name="public", relation="orders", mode=LockMode.ACCESS_EXCLUSIVE),),
)


def trace_of(*statements: TracedStatement, step: str = "add") -> Trace:
    return Trace(
        plan_name="p",
        plan_digest="d",
        taken_at=datetime(2026, 11, 20, tzinfo=UTC),
        target="shop at db1:5432",
        target_version="18.4",
        scratch_version="18.4",
        steps=(TracedStep(step=StepId(step), statements=statements),),
    )


def test_a_trace_that_agrees_is_said_and_changes_nothing() -> None:
    (found,) = with_trace((FINDING,), trace_of(TOOK))
    assert found.traced
    assert found.effects == FINDING.effects
    assert found.disagreements == ()


LOCKS = st.lists(
    st.builds(
        TracedLock,
        schema_name=st.sampled_from(["public", "shop", "evil"]),
        relation=st.sampled_from(["orders", "users", "items"]),
        mode=st.sampled_from(list(LockMode)),
    ),
    max_size=4,
).map(tuple)


@given(LOCKS, st.booleans(), st.booleans())
def test_a_forged_trace_takes_nothing_away(locks: tuple[TracedLock, ...], known: bool, certain: bool) -> None:
    predicted = Effects(
        locks=(Lock(ORDERS, LockMode.SHARE), Lock(USERS, LockMode.ROW_SHARE)),
        rewrites=(ORDERS,),
        scans=(USERS,),
        unnamed=Unnamed("what depends on it"),
        known=known,
        certain=certain,
        doubt="" if certain else "the type decides",
    )
    forged = TOOK.model_copy(update={"locks": locks})
    (found,) = with_trace((replace(FINDING, effects=predicted),), trace_of(forged))
    for lock in predicted.locks:
        assert any(
            each.relation == lock.relation and each.mode.strength >= lock.mode.strength for each in found.effects.locks
        )
    kept = ("unnamed", "rewrites", "scans", "known", "certain", "doubt")
    assert {name: getattr(found.effects, name) for name in kept} == {name: getattr(predicted, name) for name in kept}
    assert not effects_line(found).startswith("no table locks")


def test_a_trace_that_shows_less_than_was_predicted_is_told() -> None:
    (found,) = with_trace((FINDING,), trace_of(TOOK.model_copy(update={"locks": ()})))
    assert found.disagreements == ("predicted ACCESS EXCLUSIVE on orders, which the trace does not show: it counts",)
    assert effects_line(found) == "ACCESS EXCLUSIVE on orders (at the worst) · scans orders"


def test_a_scan_that_an_empty_table_hides_is_still_said() -> None:
    (found,) = with_trace((FINDING,), trace_of(TOOK))
    assert found.effects.scans == (ORDERS,)


def test_every_difference_is_a_sentence() -> None:
    other = replace(PREDICTED, locks=(Lock(ORDERS, LockMode.SHARE), Lock(USERS, LockMode.ROW_SHARE)))
    more = TOOK.model_copy(
        update={
            "rewrites": (("public", "orders"),),
            "locks": (*TOOK.locks, TracedLock(schema_name="public", relation="items", mode=LockMode.SHARE)),
        }
    )
    (found,) = with_trace((replace(FINDING, effects=other),), trace_of(more))
    assert found.disagreements == (
        "traced ACCESS EXCLUSIVE on public.orders, predicted was SHARE: the stronger counts",
        "traced SHARE on public.items, which was not predicted",
        "predicted ROW SHARE on shop.users, which the trace does not show: it counts",
        "traced a rewrite of public.orders, which was not predicted",
    )


def test_an_unknown_statement_stays_unknown_and_what_was_traced_is_told() -> None:
    (found,) = with_trace((replace(FINDING, effects=Effects(known=False)),), trace_of(TOOK))
    assert not found.effects.known
    assert found.disagreements == (
        "the table of facts does not know this statement; traced ACCESS EXCLUSIVE on public.orders",
    )


@pytest.mark.parametrize(
    "trace",
    [
        trace_of(TOOK, step="another"),
        trace_of(TOOK.model_copy(update={"digest": statement_digest("SELECT 1")})),
        trace_of(TOOK.model_copy(update={"part": Part.ROLLBACK})),
        trace_of(TOOK.model_copy(update={"error": "relation orders does not exist"})),
    ],
)
def test_a_trace_of_something_else_or_of_a_failure_changes_nothing(trace: Trace) -> None:
    assert with_trace((FINDING,), trace) == (FINDING,)


def test_a_trace_survives_the_trip_through_its_file() -> None:
    trace = trace_of(TOOK)
    assert read_trace(trace.model_dump_json(), "t.json") == trace
    with pytest.raises(PlanError, match=r"t\.json is not a trace of this zdtui"):
        read_trace("{}", "t.json")
    with pytest.raises(PlanError):
        read_trace("not json", "t.json")
