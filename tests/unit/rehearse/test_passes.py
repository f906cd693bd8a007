"""In which order a plan is gone through."""

from hypothesis import given
from hypothesis import strategies as st

from tests.integration.run.driver import plan_of, sql_step
from zdtui.evidence.model import Way
from zdtui.plan.model import Irreversible, Phase, Plan
from zdtui.rehearse.passes import Course, Move, Pass, course

BACK = "SELECT 2"


def plan(*kinds: str) -> Plan:
    """A step of each kind: 'back' has a rollback, 'none' has nothing to undo, 'last' is a contract that has one,
    'gone' cannot be taken back."""
    steps = []
    for number, kind in enumerate(kinds):
        phase = Phase.CONTRACT if kind == "last" else Phase.EXPAND
        step = sql_step(f"s{number}", "SELECT 1", None if kind == "none" else BACK)
        rollback = Irreversible(consequence="gone") if kind == "gone" else step.rollback
        steps.append(step.model_copy(update={"phase": phase, "rollback": rollback}))
    return plan_of(*steps)


def said(moves: tuple[Move, ...]) -> list[str]:
    """'s0>' forward, 's0<' back."""
    return [f"{move.step}{'>' if move.way is Way.FORWARD else '<'}" for move in moves]


def test_each_step_there_back_and_there_then_all_the_way() -> None:
    found = course(plan("back", "none", "back", "last", "gone"))
    assert said(found.here) == [
        "s0>",
        "s0<",
        "s0>",
        "s1>",
        "s2>",
        "s2<",
        "s2>",
        "s2<",
        "s1<",
        "s0<",
        "s0>",
        "s1>",
        "s2>",
    ]
    assert said(found.copy) == ["s3>", "s3<", "s3>", "s4>"]
    assert {move.pass_ for move in found.copy} == {Pass.COPY}


def test_what_cannot_be_taken_back_may_be_left_out() -> None:
    assert course(plan("back", "gone"), last_steps=False).copy == ()


@given(st.lists(st.sampled_from(["back", "none", "last", "gone"]), min_size=1, max_size=8))
def test_no_move_is_made_that_the_engine_would_refuse(kinds: list[str]) -> None:
    """A step goes forward when it is the next, and back when it is the latest; everything ends forward."""
    made = plan(*kinds)
    found: Course = course(made)
    done: list[str] = []
    for move in (*found.here, *found.copy):
        if move.way is Way.FORWARD:
            assert move.step == f"s{len(done)}"
            done.append(move.step)
        else:
            assert done.pop() == move.step
            assert made.step(move.step).rollback.kind != "irreversible"
    assert len(done) == len(kinds)
    assert len(found) == len(found.here) + len(found.copy)
    final = [step.id for step in made.steps if step.rollback.kind == "irreversible"]
    assert not {move.step for move in found.here} & set(final), "it is gone in the copy alone"
