"""Plans and situations for table tests, built as data."""

from datetime import UTC, datetime, timedelta
from functools import reduce
from typing import Any
from uuid import UUID

from zdtui.plan.model import (
    Action,
    BackfillAction,
    Environment,
    Irreversible,
    ManualAction,
    NoRollback,
    Phase,
    Plan,
    Rollback,
    SqlAction,
    SqlRollback,
    Step,
    StepId,
    Target,
    WaitAction,
)
from zdtui.run.decisions.confirm_text import step_digest
from zdtui.run.decisions.view import RunView
from zdtui.run.model import events as e
from zdtui.run.model.console import ConnectionState, ConsoleRole
from zdtui.run.model.state import RunState, apply

RUN = UUID(int=7)
START = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)


def step(
    name: str,
    action: Action | None = None,
    phase: Phase = Phase.EXPAND,
    rollback: Rollback | None = None,
    verify: tuple[str, ...] = (),
) -> Step:
    """A step that runs one statement unless told otherwise."""
    return Step(
        id=StepId(name),
        title=name.title(),
        phase=phase,
        action=action or SqlAction(sql=f"ALTER TABLE {name} ADD COLUMN x int"),
        rollback=rollback or SqlRollback(sql=f"ALTER TABLE {name} DROP COLUMN x"),
        verify=verify,
    )


def plan(*steps: Step, environment: Environment = Environment.STAGING, **fields: Any) -> Plan:
    """A plan of these steps, or of the usual five."""
    return Plan(
        name="tour",
        title="Tour",
        steps=steps or usual(),
        target=Target(environment=environment),
        source="source",
        path="tour.yaml",
        digest="d1",
        **fields,
    )


def usual() -> tuple[Step, ...]:
    """One step of each kind that matters to a decision."""
    fill = BackfillAction(table="users", assignments=(("x", "1"),), where="x IS NULL")
    return (
        step("add"),
        step("deploy", ManualAction(instructions="deploy"), Phase.DUAL_WRITE, NoRollback(reason="deploys are code")),
        step("fill", fill, Phase.BACKFILL, NoRollback(reason="add drops the column")),
        step("soak", WaitAction(duration=timedelta(hours=24)), Phase.SWITCH, NoRollback(reason="only time")),
        step(
            "drop", SqlAction(sql="ALTER TABLE t DROP COLUMN y"), Phase.CONTRACT, Irreversible(consequence="a restore")
        ),
    )


def opened(of: Plan) -> e.RunOpened:
    """The first event of a run of this plan."""
    return e.RunOpened(
        plan_name=of.name,
        plan_title=of.title,
        plan_digest=of.digest,
        plan_text=of.source,
        plan_path=of.path,
        step_ids=tuple(each.id for each in of.steps),
        environment=str(of.target.environment),
        database="shop",
        server="db1:5432",
        server_version=180004,
        system_identifier="1",
        zdtui_version="0",
    )


def started(of: Plan, name: str, direction: e.Direction = e.Direction.FORWARD, attempt: int = 1) -> e.StepStarted:
    """The event that a step was confirmed."""
    return e.StepStarted(
        step=StepId(name),
        direction=direction,
        attempt=attempt,
        sql_digest=step_digest(of.step(name), direction),
        confirmed_by="y",
    )


def fold(*events: e.Event) -> RunState:
    """The state after these events, a second apart."""
    recorded = (
        e.Recorded(run=RUN, sequence=place, at=START + timedelta(seconds=place), operator="ana@bastion", event=event)
        for place, event in enumerate(events, 1)
    )
    return reduce(apply, recorded, RunState())


def done(of: Plan, *names: str) -> tuple[e.Event, ...]:
    """The events of steps that went well, the run's opening first."""
    history: list[e.Event] = [opened(of)]
    for name in names:
        history += [started(of, name), e.StepSucceeded(step=StepId(name), seconds=0.01)]
    return tuple(history)


def view_of(plan: Plan, run: RunState, **fields: Any) -> RunView:
    """The view of a console that holds the run and is connected, unless told otherwise."""
    usual: dict[str, Any] = {"console_role": ConsoleRole.CONDUCTOR, "connection_state": ConnectionState.CONNECTED}
    return RunView(plan=plan, run=run, **{**usual, **fields})
