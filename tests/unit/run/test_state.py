"""The fold of events: any history folds, and what it says is legal."""

from datetime import timedelta
from functools import reduce

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.run.plans import RUN, START, done, fold, opened, plan, started, view_of
from zdtui.plan.model import StepId
from zdtui.run.decisions.decide import decide, next_step, undoable
from zdtui.run.journal.event_text import sentence_of
from zdtui.run.model import events as e
from zdtui.run.model.commands import Pause
from zdtui.run.model.events import Recorded, event_adapter
from zdtui.run.model.state import LOG_LIMIT, OVER, RunState, StepStatus, apply

TOUR = plan()
STEPS = st.sampled_from([step.id for step in TOUR.steps])
TEXT = st.text(max_size=20)
SECONDS = st.floats(0, 1e6)
COUNT = st.integers(0, 10**9)

EVENTS = st.one_of(
    st.builds(
        e.StepStarted,
        step=STEPS,
        direction=st.sampled_from(e.Direction),
        attempt=COUNT,
        sql_digest=TEXT,
        confirmed_by=TEXT,
    ),
    st.builds(e.StatementSent, step=STEPS, index=st.integers(0, 5), sql=TEXT, pid=COUNT, transactional=st.booleans()),
    st.builds(
        e.StatementFinished,
        step=STEPS,
        index=st.integers(0, 5),
        rows=st.none() | COUNT,
        seconds=SECONDS,
        transactional=st.booleans(),
    ),
    st.builds(e.StepApplied, step=STEPS, rows=st.none() | COUNT, seconds=SECONDS),
    st.builds(e.StepSucceeded, step=STEPS, seconds=SECONDS),
    st.builds(e.StepRolledBack, step=STEPS, seconds=SECONDS),
    st.builds(e.StepFailed, step=STEPS, direction=st.sampled_from(e.Direction), message=TEXT, applied=st.booleans()),
    st.builds(e.StepHeld, step=STEPS, why=st.sampled_from(e.HoldKind), detail=TEXT),
    st.builds(e.StepInDoubt, step=STEPS, index=st.integers(0, 5), evidence=TEXT),
    st.builds(e.DoubtSettled, step=STEPS, index=st.integers(0, 5), done=st.booleans(), evidence=TEXT),
    st.builds(e.StepSkipped, step=STEPS, reason=TEXT),
    st.builds(e.BlindnessAccepted, guard=TEXT, about=st.tuples(TEXT), unseen=TEXT, reason=TEXT, by=TEXT),
    st.builds(e.StandbysSeen, names=st.tuples(TEXT, TEXT)),
    st.builds(e.BatchesDone, step=STEPS, batches=COUNT, rows=COUNT, fraction=st.none() | st.floats(0, 1)),
    st.builds(
        e.AttemptFailed,
        step=STEPS,
        try_number=COUNT,
        sqlstate=TEXT,
        message=TEXT,
        waited=SECONDS,
        retry_in=st.none() | SECONDS,
    ),
    st.builds(e.PauseRequested, by=TEXT),
    st.builds(e.NoteAdded, text=TEXT),
    st.builds(e.ConnectionLost, message=TEXT),
    st.builds(e.RunLockTakenAgain, step=STEPS, pid=COUNT),
    st.builds(e.ConsoleLeft, why=TEXT),
    st.just(e.RunFinished()),
    st.just(opened(TOUR)),
)


@settings(max_examples=200, deadline=None)
@given(st.lists(EVENTS, max_size=30))
def test_any_history_folds_to_a_legal_state(events: list[e.Event]) -> None:
    state = fold(*events)
    for step in state.steps.values():
        assert step.status in StepStatus
        if step.status is StepStatus.DONE:
            assert step.applied
            assert step.hold is None
        if step.status is StepStatus.PENDING:
            assert step.hold is None
        assert (step.hold is not None) <= (step.status in (StepStatus.HELD, StepStatus.IN_DOUBT, StepStatus.APPLIED))
    following = next_step(TOUR, state)
    assert following is None or state.step(following.id).status not in OVER
    assert all(state.step(step.id).status is not StepStatus.PENDING for step in undoable(TOUR, state))
    assert decide(view_of(plan=TOUR, run=state), Pause()).refusal is None


@settings(max_examples=100, deadline=None)
@given(st.lists(EVENTS, max_size=10))
def test_an_event_survives_the_journal_and_has_a_sentence(events: list[e.Event]) -> None:
    for event in events:
        again = event_adapter.validate_json(event_adapter.dump_json(event))
        assert again == event
        assert sentence_of(event)


@settings(max_examples=50, deadline=None)
@given(st.lists(EVENTS, max_size=20), st.integers(0, 20))
def test_folding_in_two_goes_is_folding_at_once(events: list[e.Event], cut: int) -> None:
    recorded = [
        Recorded(run=RUN, sequence=n, at=START + timedelta(seconds=n), operator="o", event=event)
        for n, event in enumerate(events, 1)
    ]
    halfway = reduce(apply, recorded[:cut], RunState())
    assert reduce(apply, recorded[cut:], halfway) == reduce(apply, recorded, RunState())


def test_the_log_keeps_the_newest_lines() -> None:
    state = fold(opened(TOUR), *[e.NoteAdded(text=str(n)) for n in range(LOG_LIMIT + 5)])
    assert len(state.log) == LOG_LIMIT
    last = state.log[-1].event
    assert isinstance(last, e.NoteAdded)
    assert last.text == str(LOG_LIMIT + 4)


def test_a_soak_counts_from_its_first_start_but_not_from_before_a_rollback() -> None:
    held = e.StepHeld(step=StepId("soak"), why=e.HoldKind.PAUSED, detail="p")
    first = fold(*done(TOUR, "add"), started(TOUR, "soak"))
    again = fold(*done(TOUR, "add"), started(TOUR, "soak"), held, started(TOUR, "soak", attempt=2))
    assert again.step(StepId("soak")).started_at == first.step(StepId("soak")).started_at
    undone = fold(
        *done(TOUR, "add"),
        started(TOUR, "soak"),
        held,
        started(TOUR, "soak", e.Direction.BACK),
        e.StepRolledBack(step=StepId("soak"), seconds=0),
        started(TOUR, "soak", attempt=3),
    )
    assert undone.step(StepId("soak")).started_at != first.step(StepId("soak")).started_at


def test_statements_outside_a_transaction_are_remembered_one_by_one() -> None:
    sent = e.StatementSent(step=StepId("add"), index=0, sql="a", pid=1, transactional=False)
    finished = e.StatementFinished(step=StepId("add"), index=0, rows=None, seconds=1, transactional=False)
    second = e.StatementSent(step=StepId("add"), index=1, sql="b", pid=1, transactional=False)
    step = fold(opened(TOUR), started(TOUR, "add"), sent, finished, second).step(StepId("add"))
    assert step.statements_done == 1
    assert step.statement_in_doubt == 1
    settled = e.DoubtSettled(step=StepId("add"), index=1, done=True, evidence="valid")
    step = fold(opened(TOUR), started(TOUR, "add"), sent, finished, second, settled).step(StepId("add"))
    assert step.statements_done == 2
    assert step.statement_in_doubt is None
