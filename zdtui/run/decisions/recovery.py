"""After a crash or a lost connection: what became of the step that was under way. Looked up, never guessed. Pure.

`question` says what has to be looked at; the conductor looks; `settle` turns the answer into events.
"""

from dataclasses import dataclass
from typing import assert_never

from zdtui.plan.model import Plan, Step
from zdtui.postgres.indexes import IndexState, PartitionState
from zdtui.run.decisions.confirm_text import author_sql
from zdtui.run.model import events as e
from zdtui.run.model.left_invalid import half_detached, said_of
from zdtui.run.model.state import RunState, StepState, StepStatus
from zdtui.sql.statement import Statement
from zdtui.steps.execution import AtOnce, Batches, ByHand, Soak, Statements


@dataclass(frozen=True, slots=True)
class Question:
    """What has to be looked at for this step."""

    step: Step
    state: StepState
    checkpoint: bool = False
    statement: Statement | None = None
    """The statement in doubt, when there is one."""

    @property
    def verify(self) -> tuple[str, ...]:
        """The queries that may settle a statement that no catalog look settles."""
        forward = self.state.direction is e.Direction.FORWARD
        return self.step.verify if self.statement is not None and forward else ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was found."""

    batches: e.BatchesDone | None = None
    index: IndexState | None = None
    index_name: str | None = None
    invalid: tuple[str, ...] = ()
    """Every invalid index the statement left, each as it is written to drop it."""
    partition: PartitionState | None = None
    """Of a DETACH PARTITION CONCURRENTLY."""
    verified: bool | None = None
    """Every verify query is true; None when there is none to ask, or it could not be asked."""


def question(plan: Plan, run: RunState) -> Question | None:
    """What has to be looked at; None when no step was cut off (a soak goes on by itself)."""
    current = run.current
    if current is None:
        return None
    step, state = plan.step(current), run.step(current)
    if state.status not in (StepStatus.RUNNING, StepStatus.ROLLING_BACK):
        return None
    if state.statement_in_doubt is not None:
        return Question(step, state, statement=_statement(step, state))
    match step.action.execution:
        case Soak() if state.status is StepStatus.RUNNING:
            return None
        case Batches():
            return Question(step, state, checkpoint=True)
        case Statements() | AtOnce() | ByHand() | Soak():
            return Question(step, state)
        case _ as never:
            assert_never(never)


def _statement(step: Step, state: StepState) -> Statement | None:
    text = author_sql(step, state.direction)
    if text is None or state.statement_in_doubt is None:
        return None
    statements = text.statements
    return statements[state.statement_in_doubt] if state.statement_in_doubt < len(statements) else None


def settle(asked: Question, found: Evidence, why: str, kind: e.HoldKind = e.HoldKind.CONNECTION) -> tuple[e.Event, ...]:
    """The events that say where the step stands now. `why` tells what cut it off, as a sentence; `kind` in a word."""
    step, state = asked.step.id, asked.state
    if asked.statement is None:
        kept = "the checkpoint says what is done" if asked.checkpoint else "nothing of its transaction remains"
        held = e.StepHeld(step=step, why=kind, detail=f"{why}; {kept}")
        return (held,) if found.batches is None else (found.batches, held)
    index = state.statement_in_doubt or 0
    done = _done(asked.statement, found)
    if found.index is IndexState.INVALID and asked.statement.kind != "DROP INDEX CONCURRENTLY":
        names = found.invalid or (found.index_name or asked.statement.index_name or "an index",)
        detail = said_of(names, why)
        return (e.StepHeld(step=step, why=e.HoldKind.INVALID_INDEX, detail=detail, indexes=found.invalid),)
    if found.partition is PartitionState.HALF_DETACHED:
        return (e.StepHeld(step=step, why=kind, detail=f"{why}; {half_detached(asked.statement)}"),)
    if done is None:
        evidence = f"{why}; whether {asked.statement.kind} took effect cannot be told from the server"
        return (e.StepInDoubt(step=step, index=index, evidence=evidence),)
    return (e.DoubtSettled(step=step, index=index, done=done, evidence=f"{why}; {_because(asked.statement, found)}"),)


def _done(statement: Statement, found: Evidence) -> bool | None:
    """Whether the statement took effect; None when looking does not tell."""
    if statement.kind == "CREATE INDEX CONCURRENTLY" and found.index is not None:
        return found.index is IndexState.VALID
    if statement.kind == "DROP INDEX CONCURRENTLY" and found.index is not None:
        return found.index is IndexState.ABSENT
    if found.partition is not None:
        return found.partition is PartitionState.DETACHED
    return True if found.verified else None


def _because(statement: Statement, found: Evidence) -> str:
    if found.index is not None:
        return f"index {found.index_name or statement.index_name} is {found.index}"
    return "every verify query is true" if found.partition is None else f"the partition is {found.partition}"
