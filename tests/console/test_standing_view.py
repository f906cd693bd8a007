"""A step that stands keeps its progress, and says why it stopped and what R and B would do."""

from screens.views.progress import progress_rows
from tests.console.scenes import LIVE, TOUR, backfilling, run_of, samples, scene, snapshot_of, text_of, titled
from tests.unit.run.plans import started
from zdtui.plan.model import StepId
from zdtui.run.figures.guards import Breach
from zdtui.run.model import events as e
from zdtui.watch.samples import Pane, Samples

FILL = StepId("backfill-names")
BEGUN = (
    started(LIVE, FILL),
    e.BatchesDone(step=FILL, batches=2000, rows=154_000, fraction=0.5),
    e.BatchesDone(step=FILL, batches=4100, rows=195_312, fraction=0.63),
)
HELD = e.StepHeld(step=FILL, why=e.HoldKind.GUARD, detail="replay lag of standby-b 12 s is over 10 s")
LAG = Breach("replay lag of standby-b", Pane.REPLICATION, "12 s", "10 s")


def progress(*events: e.Event, seen: Samples | None = None, over: tuple[Breach, ...] = ()) -> tuple[str, str]:
    """The title and the rows of the progress pane."""
    at = scene(snapshot_of(LIVE, run_of(LIVE, *events), seen=seen, breached_guards=over), width=100)
    return titled("progress", at).text, text_of(progress_rows(at))


def test_a_held_backfill_says_what_is_done_how_fast_it_went_and_why_it_stands() -> None:
    title, rows = progress(*BEGUN, HELD, over=(LAG,))
    assert "backfill-names is held" in title
    assert "63 % · 195 312 of ~310 k rows · 41 k rows/s before it stopped" in rows
    assert "█" in rows
    assert "held since 03:00:13 UTC: replay lag of standby-b 12 s is over 10 s" in rows
    assert "now: replay lag of standby-b 12 s is over 10 s" in rows
    assert "R goes on after the last committed batch" in rows
    assert "B rolls back: nothing to undo: the columns go with the rollback" in rows


def test_a_failed_statement_says_that_nothing_of_it_remains() -> None:
    step = StepId("not-null-unchecked")
    failed = e.StepFailed(step=step, direction=e.Direction.FORWARD, message="23514 boom", sqlstate="23514")
    done = ("add-columns", "sync-trigger", "deploy-writers", "soak-writers", "backfill-names")
    at = scene(snapshot_of(TOUR, run_of(TOUR, started(TOUR, step), failed, done=done)), width=100)
    rows = text_of(progress_rows(at))
    assert "failed since" in rows
    assert "23514 boom" in rows
    assert "R shows it again and asks; nothing of it remains" in rows
    assert "B opens it again: nothing of it is in the database" in rows


def test_while_a_step_works_or_none_has_begun_none_stands() -> None:
    assert "held" not in text_of(progress_rows(scene(backfilling())))
    assert "nothing of ours runs" in progress(seen=samples())[0]
