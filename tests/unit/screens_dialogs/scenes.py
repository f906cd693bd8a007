"""Snapshots built as data: a plan of every kind of step, and what a server would show meanwhile."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import reduce
from uuid import UUID

from zdtui.plan.model import (
    BackfillAction,
    Environment,
    Irreversible,
    ManualAction,
    NoRollback,
    Phase,
    Plan,
    SqlAction,
    SqlRollback,
    Step,
    StepId,
    Target,
    WaitAction,
)
from zdtui.postgres.sessions.identity import ServerIdentity
from zdtui.run.decisions.confirm_text import step_digest
from zdtui.run.decisions.snapshot import Snapshot, Verdict, VerdictWord
from zdtui.run.figures.guards import breaches
from zdtui.run.model import events as e
from zdtui.run.model.activity import Activity, Doing
from zdtui.run.model.console import ConnectionState, ConsoleRole
from zdtui.run.model.state import RunState, apply
from zdtui.run.preflight.board import Board, Check, Outcome
from zdtui.watch.samples import (
    Backend,
    BackendKey,
    LockNode,
    LocksSample,
    QueriesSample,
    Reading,
    ReplicationSample,
    Samples,
)

RUN = UUID("00000000-0000-0000-0000-000000000001")
AT = datetime(2026, 11, 20, 2, 14, 7, tzinfo=UTC)
LONG_SQL = (
    "CREATE FUNCTION users_sync() RETURNS trigger LANGUAGE plpgsql AS $$\nBEGIN\n"
    + "".join(f"  NEW.part_{number} := split_part(NEW.name, ' ', {number});\n" for number in range(1, 37))
    + "  RETURN NEW;\nEND $$;\nCREATE TRIGGER users_sync BEFORE INSERT ON users FOR EACH ROW EXECUTE FUNCTION users_sync();"
)

ADD = Step(
    id=StepId("add-columns"),
    title="Add first_name and last_name",
    phase=Phase.EXPAND,
    action=SqlAction(sql="ALTER TABLE users ADD COLUMN first_name text, ADD COLUMN last_name text;"),
    rollback=SqlRollback(sql="ALTER TABLE users DROP COLUMN first_name, DROP COLUMN last_name;"),
    verify=("SELECT count(*) = 2 FROM pg_attribute WHERE attname IN ('first_name', 'last_name')",),
)
TRIGGER = Step(
    id=StepId("sync-trigger"),
    title="Keep old and new in step",
    phase=Phase.DUAL_WRITE,
    action=SqlAction(sql=LONG_SQL),
    rollback=SqlRollback(sql="DROP TRIGGER users_sync ON users;\nDROP FUNCTION users_sync();"),
)
DEPLOY = Step(
    id=StepId("deploy-writers"),
    title="Deploy the writers",
    phase=Phase.DUAL_WRITE,
    action=ManualAction(instructions="Deploy release 41 everywhere."),
    rollback=NoRollback(reason="release 40 and 41 both work with both columns"),
)
SOAK = Step(
    id=StepId("soak"),
    title="Let it soak",
    phase=Phase.DUAL_WRITE,
    action=WaitAction(duration=timedelta(hours=24)),
    rollback=NoRollback(reason="time passes by itself"),
)
FILL = Step(
    id=StepId("backfill-names"),
    title="Fill the new columns",
    phase=Phase.BACKFILL,
    action=BackfillAction(
        table="users", assignments=(("first_name", "split_part(name, ' ', 1)"),), where="first_name IS NULL"
    ),
    rollback=NoRollback(reason="the columns go with add-columns"),
)
INDEX = Step(
    id=StepId("index-names"),
    title="Index the last name",
    phase=Phase.VERIFY,
    action=SqlAction(sql="CREATE INDEX CONCURRENTLY users_last_name ON users (last_name);"),
    rollback=SqlRollback(sql="DROP INDEX CONCURRENTLY IF EXISTS users_last_name;"),
)
DROP = Step(
    id=StepId("drop-name"),
    title="Drop the old column",
    phase=Phase.CONTRACT,
    action=SqlAction(sql="ALTER TABLE users DROP COLUMN name;"),
    rollback=Irreversible(consequence="the values of name are gone; only a backup brings them back"),
)
STEPS = (ADD, TRIGGER, DEPLOY, SOAK, FILL, INDEX, DROP)
IDENTITY = ServerIdentity("db1", 5432, "shop", "migrator", "18.4", 180004, "7001", in_recovery=False)


def a_plan(steps: tuple[Step, ...] = STEPS, environment: Environment = Environment.PRODUCTION) -> Plan:
    """A plan of these steps."""
    return Plan(
        name="split-user-name",
        title="Split users.name",
        target=Target(database="shop", environment=environment),
        steps=steps,
        source="",
        path="plans/split-user-name.yaml",
        digest="d" * 64,
    )


def a_run(plan: Plan, events: Iterable[e.Event]) -> RunState:
    """The fold of these events, behind the one that opens the run."""
    opened = e.RunOpened(
        plan_name=plan.name,
        plan_title=plan.title,
        plan_digest=plan.digest,
        plan_text="",
        plan_path=plan.path,
        step_ids=tuple(step.id for step in plan.steps),
        environment=plan.target.environment,
        database="shop",
        server="db1:5432",
        server_version=180004,
        system_identifier="7001",
        zdtui_version="0.1.0",
    )
    recorded = (
        e.Recorded(run=RUN, sequence=number, at=AT + timedelta(seconds=number), operator="ana@bastion", event=event)
        for number, event in enumerate((opened, *events), 1)
    )
    return reduce(apply, recorded, RunState())


def started(step: Step) -> e.StepStarted:
    """The step was confirmed as it stands."""
    return e.StepStarted(
        step=step.id, direction=e.Direction.FORWARD, attempt=1, sql_digest=step_digest(step), confirmed_by=step.id
    )


def done(*steps: Step) -> list[e.Event]:
    """These steps were run and succeeded."""
    return [event for step in steps for event in (started(step), e.StepSucceeded(step=step.id, seconds=0.012))]


def a_snapshot(
    events: Iterable[e.Event] | None = (), plan: Plan | None = None, samples: Samples | None = None
) -> Snapshot:
    """What the engine says after these events; None: the run is not opened and no journal is there."""
    plan = plan or a_plan()
    run = RunState() if events is None else a_run(plan, events)
    return Snapshot(
        plan=plan,
        run=run,
        console_role=ConsoleRole.CONDUCTOR,
        connection_state=ConnectionState.CONNECTED,
        verdict=Verdict(VerdictWord.READY, "", ""),
        identity=IDENTITY,
        operator="ana@bastion",
        samples=samples or some_samples(),
        journal_installed=events is not None,
    )


def outside_production(snapshot: Snapshot) -> Snapshot:
    """The same on staging."""
    target = snapshot.plan.target.model_copy(update={"environment": Environment.STAGING})
    return replace(snapshot, plan=snapshot.plan.model_copy(update={"target": target}))


def seeing(snapshot: Snapshot, samples: Samples) -> Snapshot:
    """The same with these samples, and the guards that are over by them."""
    return replace(snapshot, samples=samples, breached_guards=breaches(snapshot.plan.guards, samples))


def doing(snapshot: Snapshot, activity: Activity) -> Snapshot:
    """The same with that step under way."""
    return replace(snapshot, activity=activity, working=activity.step)


def with_board(snapshot: Snapshot, *checks: Check) -> Snapshot:
    """The same with the board asked."""
    return replace(snapshot, board=Board(checks, AT))


NO_GO = Check("standbys streaming", Outcome.STOP, "standby-b is not streaming", "start standby-b")
FINE = Check("server version", Outcome.OK, "PostgreSQL 18.4, the plan needs 14")
WARNED = Check("oldest transaction", Outcome.WARN, "4711 report-nightly is 4 min old", "wait for it, or K ends it")


def a_backend(pid: int = 4711, application: str = "report-nightly", **changes: object) -> Backend:
    """A client idle in a transaction."""
    backend = Backend(
        key=BackendKey(pid, AT - timedelta(hours=1)),
        user="reporter",
        application=application,
        database="shop",
        state="idle in transaction",
        wait_event_type="Client",
        wait_event="ClientRead",
        transaction_age=timedelta(minutes=4, seconds=2),
        query_age=timedelta(minutes=4),
        state_age=timedelta(minutes=4),
        query="SELECT date_trunc('day', created_at) FROM users",
        backend_type="client backend",
    )
    return replace(backend, **changes)  # type: ignore[arg-type]


def some_samples(*backends: Backend, lag: float = 0.4, now: float | None = None) -> Samples:
    """A report that holds users, a checkout that waits behind it, one standby."""
    shown = backends or (a_backend(),)
    waiter = LockNode(
        a_backend(5133, "checkout", state="active"), "ROW EXCLUSIVE", "public.users", timedelta(seconds=0.2)
    )
    root = LockNode(shown[0], "ACCESS SHARE", "public.users", None, (waiter,))
    return Samples(
        locks=Reading(LocksSample((root,), 1, timedelta(seconds=0.2)), now),
        queries=Reading(QueriesSample(shown, timedelta(minutes=4)), now),
        replication=Reading(ReplicationSample(worst_lag=timedelta(seconds=lag), worst_standby="standby-b"), now),
    )


def an_activity(step: Step, doing: Doing = Doing.SENDING, statement: str = "") -> Activity:
    """That step is under way."""
    return Activity(step.id, e.Direction.FORWARD, doing, since=0.0, statement=statement, statement_since=0.0)
