"""Snapshots and scenes built as data: what a view or a console is shown, without any server."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from screens.panes import live_pane
from screens.rows import Row
from screens.scene import Scene
from tests.unit.run.plans import RUN, START, opened, started
from zdtui.plan.load import load_plan
from zdtui.plan.model import Environment, Plan, StepId
from zdtui.plan.shipped import find_plan
from zdtui.postgres.sessions.identity import BackendKey, ServerIdentity
from zdtui.run.decisions.snapshot import Snapshot
from zdtui.run.decisions.verdict import verdict
from zdtui.run.decisions.view import RunView
from zdtui.run.model import events as e
from zdtui.run.model.activity import Activity, BatchProgress, Doing
from zdtui.run.model.console import ConnectionState, ConsoleRole
from zdtui.run.model.remaining import Remaining
from zdtui.run.model.state import RunState, apply
from zdtui.watch.samples import (
    Backend,
    CommandProgress,
    LockNode,
    LocksSample,
    ProgressSample,
    QueriesSample,
    Reading,
    ReplicationSample,
    Samples,
    Slot,
    Standby,
)

WALL = datetime(2026, 11, 20, 3, 7, 12, tzinfo=UTC)
NOW = 1000.0
IDENTITY = ServerIdentity("db1", 5432, "shop", "migrator", "18.4", 180004, "7", False)
TOUR = load_plan(find_plan("split-user-name"))
LIVE = TOUR.model_copy(update={"target": TOUR.target.model_copy(update={"environment": Environment.PRODUCTION})})
DONE_FIRST = ("add-columns", "sync-trigger", "deploy-writers", "soak-writers")


def backend(pid: int, application: str = "checkout", **fields: object) -> Backend:
    """A backend of the application."""
    known: dict[str, object] = {
        "user": "shop_app",
        "database": "shop",
        "state": "active",
        "wait_event_type": None,
        "wait_event": None,
        "transaction_age": timedelta(seconds=12),
        "query_age": timedelta(seconds=12),
        "state_age": timedelta(seconds=12),
        "query": "SELECT 1",
        "backend_type": "client backend",
    }
    return Backend(key=BackendKey(pid, START), application=application, **{**known, **fields})  # type: ignore[arg-type]


REPORT = backend(
    4711,
    "report-nightly",
    state="idle in transaction",
    transaction_age=timedelta(minutes=4, seconds=2),
    query="SELECT date_trunc('day', placed_at), sum(total_cents) FROM orders GROUP BY 1",
)
OURS = backend(5120, "zdtui split-user-name", ours=True)
LOCKS = LocksSample(
    roots=(
        LockNode(
            REPORT,
            "ACCESS SHARE",
            "public.users",
            None,
            (
                LockNode(
                    OURS,
                    "ACCESS EXCLUSIVE",
                    "public.users",
                    timedelta(seconds=0.2),
                    (
                        LockNode(backend(5133), "ROW EXCLUSIVE", "public.users", timedelta(seconds=0.1)),
                        LockNode(backend(5134), "ROW EXCLUSIVE", "public.users", timedelta(seconds=0.1)),
                    ),
                ),
            ),
        ),
    ),
    waiting=3,
    longest_wait=timedelta(seconds=1.2),
    waiting_behind_us=2,
    victims_lost=timedelta(seconds=0.2),
)
QUERIES = QueriesSample(
    backends=(
        REPORT,
        backend(
            5201,
            "billing",
            query="SELECT sum(total_cents) FROM orders",
            wait_event_type="IO",
            wait_event="DataFileRead",
        ),
    ),
    oldest_transaction=timedelta(minutes=4, seconds=2),
    total_sessions=15,
    active_sessions=3,
    idle_in_transaction=1,
)
REPLICATION = ReplicationSample(
    standbys=(
        Standby(
            "standby-a",
            "10.0.0.2",
            "streaming",
            "async",
            timedelta(seconds=0.1),
            timedelta(seconds=0.2),
            timedelta(seconds=0.4),
            1258291,
            history=(0.1, 0.2, 0.3, 0.2, 0.4),
        ),
        Standby(
            "standby-b",
            "10.0.0.3",
            "streaming",
            "async",
            timedelta(seconds=2),
            timedelta(seconds=3),
            timedelta(seconds=12.1),
            92274688,
            history=(1, 3, 5, 8, 12.1),
        ),
    ),
    slots=(
        Slot("cdc", "logical", True, 146800640, "reserved"),
        Slot("old", "physical", False, 5 * 1024**3, "extended"),
    ),
    worst_lag=timedelta(seconds=12.1),
    worst_standby="standby-b",
)
PROGRESS = ProgressSample(
    commands=(
        CommandProgress(
            5120,
            "CREATE INDEX CONCURRENTLY",
            "public.orders",
            "building index: scanning table",
            120,
            480,
            "blocks",
            ours=True,
        ),
    )
)


def samples(at: float = NOW - 0.4) -> Samples:
    """Every pane with something to see, taken at that moment."""
    return Samples(Reading(LOCKS, at), Reading(QUERIES, at), Reading(REPLICATION, at), Reading(PROGRESS, at))


def run_of(plan: Plan, *events: e.Event, done: tuple[str, ...] = DONE_FIRST) -> RunState:
    """A run in which these steps are done and these events followed, a second apart."""
    history: list[e.Event] = [opened(plan)]
    for name in done:
        history += [started(plan, name), e.StepSucceeded(step=StepId(name), seconds=0.012)]
    state = RunState()
    for place, event in enumerate([*history, *events], 1):
        at = START + timedelta(seconds=place)
        state = apply(
            state, e.Recorded(run=RUN, sequence=place, at=at, operator="ana@bastion as migrator", event=event)
        )
    return state


def backfilling(plan: Plan = TOUR, seen: Samples | None = None) -> Snapshot:
    """The backfill under way, with everything to see beside it."""
    activity = Activity(
        step=StepId("backfill-names"),
        direction=e.Direction.FORWARD,
        doing=Doing.WORKING_BATCHES,
        since=NOW - 60,
        statement_since=NOW - 0.03,
        progress=BatchProgress(
            rows=195312,
            batches=4118,
            fraction=0.63,
            total_estimate=310000,
            rows_per_second=41000,
            batch_rows=12400,
            batch_seconds=0.048,
            eta=Remaining(timedelta(minutes=9), timedelta(minutes=12), timedelta(minutes=14)),
            walk="8 stripes of 400 pages",
            why="a changed row no longer matches `where`",
        ),
    )
    run = run_of(
        plan,
        started(plan, "backfill-names"),
        e.BatchesDone(step=StepId("backfill-names"), batches=4100, rows=195000, fraction=0.62),
    )
    return snapshot_of(plan, run, activity, seen)


def snapshot_of(
    plan: Plan, run: RunState, activity: Activity | None = None, seen: Samples | None = None, **fields: object
) -> Snapshot:
    """A snapshot whose verdict is the real one."""
    view = RunView(
        plan=plan,
        run=run,
        console_role=ConsoleRole.CONDUCTOR,
        connection_state=ConnectionState.CONNECTED,
        identity=IDENTITY,
        operator="ana@bastion",
        activity=activity,
        working=None if activity is None else activity.step,
        samples=seen or samples(),
        journal_installed=True,
        now=NOW,
        wall=WALL,
    )
    return replace(Snapshot.of(view, verdict(view)), **fields)  # type: ignore[arg-type]


def titled(pane_id: str, given: Scene) -> Row:
    """The title of a live pane."""
    pane = live_pane(pane_id)
    assert pane is not None, pane_id
    return pane.title(given)


def scene(snapshot: Snapshot, width: int = 80, **fields: object) -> Scene:
    """A scene at the fixed moment."""
    return replace(Scene(snapshot=snapshot, now=NOW, wall=WALL, width=width, step=StepId("backfill-names")), **fields)  # type: ignore[arg-type]


def text_of(rows: object) -> str:
    """Rows as text."""
    return "\n".join(each.text for each in rows)  # type: ignore[attr-defined]
