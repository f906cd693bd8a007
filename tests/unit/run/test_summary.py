"""What stays in the terminal: how it stands and what it came to, how to go on, where the report is."""

from dataclasses import replace

from tests.unit.run.plans import done, fold, opened, plan, started, view_of
from zdtui.plan.model import StepId
from zdtui.run.decisions.snapshot import Snapshot
from zdtui.run.decisions.summary import summary_lines, waited_behind
from zdtui.run.decisions.verdict import verdict
from zdtui.run.model import events as e
from zdtui.run.model.totals import Behind

BACK = e.Direction.BACK
OF = plan()
NAMES = tuple(step.id for step in OF.steps)


def snapshot(*events: e.Event) -> Snapshot:
    view = view_of(plan=OF, run=fold(*events))
    return Snapshot.of(view, verdict(view))


def test_where_nothing_was_begun_nothing_is_said() -> None:
    assert summary_lines(snapshot()) == ()


def test_a_finished_run_says_what_it_came_to_and_what_prints_its_log() -> None:
    pause = e.PauseRequested(by="ana")
    first, second = summary_lines(snapshot(*done(OF, *NAMES), pause, pause), " --target staging")
    assert first.startswith(f"FINISHED  {OF.name}, {len(NAMES)} steps in ")
    assert first.endswith(" s, nobody waited behind us, 2 pauses")
    assert second == "→ zdtui report 00000000 --target staging   the migration log"


def test_one_in_the_middle_says_how_to_go_on() -> None:
    behind = e.StepSucceeded(step=StepId("add"), seconds=1, victims=1, victim_seconds=0.25)
    first, second = summary_lines(snapshot(opened(OF), started(OF, "add"), behind), " --dsn ...")
    assert f"1 of {len(NAMES)} steps" in first
    assert "1 session waited behind us, 250 ms in all" in first
    assert second.startswith(
        f"→ zdtui run {OF.path} --dsn ...   goes on with {NAMES[1]} · zdtui report 00000000 --dsn ..."
    )


def test_what_a_step_tells_twice_is_counted_once() -> None:
    add = StepId("add")
    tried = e.AttemptFailed(
        step=add, try_number=1, sqlstate="55P03", message="", waited=1, retry_in=1, victims=2, victim_seconds=0.5
    )
    ended = e.StepApplied(step=add, rows=None, seconds=1, victims=3, victim_seconds=0.75)
    verified = e.StepSucceeded(step=add, seconds=1)
    once = fold(opened(OF), started(OF, "add"), tried, ended, verified)
    assert once.totals.behind == Behind(3, 0.75)
    assert fold(opened(OF), started(OF, "add"), tried, started(OF, "add"), ended).totals.behind == Behind(5, 1.25)


def test_whoever_waited_behind_a_step_that_was_held_or_rolled_back_counts_too() -> None:
    add = StepId("add")
    held = e.StepHeld(step=add, why=e.HoldKind.CANCELLED, detail="", victims=2, victim_seconds=0.5)
    ended = e.StepSucceeded(step=add, seconds=1, victims=1, victim_seconds=1)
    back = e.StepRolledBack(step=add, seconds=1, victims=1, victim_seconds=1)
    events = (opened(OF), started(OF, "add"), held, started(OF, "add"), ended, started(OF, "add", BACK), back)
    assert waited_behind(fold(*events).totals) == "4 sessions waited behind us, 2.5 s in all"


def test_those_who_wait_while_rejected_rows_are_tried_again_are_others() -> None:
    fill = StepId("fill")
    ended = e.StepSucceeded(step=fill, seconds=1, victims=2, victim_seconds=1)
    tried = e.RetryEnded(step=fill, rows=1, rejected=0, victims=1, victim_seconds=1)
    begun = e.RetryStarted(step=fill, sql_digest="d", confirmed_by="y", rejected=1)
    totals = fold(opened(OF), started(OF, "fill"), ended, begun, tried).totals
    assert waited_behind(totals) == "3 sessions waited behind us, 2.0 s in all"


def test_nobody_is_said_only_where_somebody_has_looked() -> None:
    """A console that died could not say who waited behind it; nor does a journal of an older version."""
    add = StepId("add")
    settled = e.StepHeld(step=add, why=e.HoldKind.CONNECTION, detail="the console was gone")
    events = (opened(OF), started(OF, "add"), settled, started(OF, "add"), e.StepSucceeded(step=add, seconds=1))
    assert waited_behind(fold(*events).totals) == "nobody was seen to wait behind us, but not all the time was watched"
    more = e.StepSucceeded(step=add, seconds=1, victims=1, victim_seconds=1)
    assert waited_behind(fold(*events[:-1], more).totals) == "at least 1 session waited behind us, 1.0 s in all"
    looked = settled.model_copy(update={"victims": 0})
    assert waited_behind(fold(*events[:2], looked, *events[3:]).totals) == "nobody waited behind us"


def test_what_a_name_could_do_to_the_terminal_it_does_not() -> None:
    hostile = snapshot(*done(OF, *NAMES))
    hostile = replace(hostile, plan=OF.model_copy(update={"path": "a\x1b]2;x\x07.yaml"}))
    assert not any("\x1b" in line for line in summary_lines(hostile))
