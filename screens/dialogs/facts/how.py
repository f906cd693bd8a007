"""How a step will be carried out: in which pieces, under which limits, and what a pause can do meanwhile. Pure."""

from datetime import datetime, timedelta

from screens.dialogs.frame.now import Now
from screens.dialogs.frame.sheet import Fact, Rank
from screens.look import Look
from zdtui import amounts
from zdtui.counted import counted
from zdtui.plan.model import Limits, Step
from zdtui.run.execute.timeouts import UNLIMITED, timeouts
from zdtui.run.model.state import StepState
from zdtui.sql.split import may_have_committed
from zdtui.sql.statement import Statement, StatementClass

PAUSE_WHILE = {
    StatementClass.INSTANT_DDL: "a pause withdraws it while it waits for a lock",
    StatementClass.CONCURRENTLY: "a pause leaves it at work; X cancels it, which leaves an invalid index to clean up",
    StatementClass.VALIDATE: "a pause leaves it at work; X cancels it and nothing of it remains",
    StatementClass.DML: "a pause leaves it at work; X cancels it and nothing of it remains",
    StatementClass.QUERY: "a pause leaves it at work; X cancels it",
    StatementClass.UTILITY: "a pause leaves it at work; X cancels it",
    StatementClass.UNKNOWN: "not recognised: run with the strictest limits",
}
COMMITS = "it may commit as it goes: a pause leaves it at work; X cancels it, and what it has committed stays"


def statements_of(step: Step) -> tuple[Statement, ...]:
    """The statements of an sql step; empty for every other kind."""
    return step.action.statements


def only_verifies(step: Step, state: StepState) -> bool:
    """Whether the step's own work is in place, so that running it again runs its verify queries only."""
    statements = statements_of(step)
    if not statements:
        return False
    if all(statement.transactional for statement in statements):
        return state.applied
    return state.statements_done >= len(statements)


def how_facts(step: Step, state: StepState, now: Now) -> tuple[Fact, ...]:
    """What happens on the server, in sentences."""
    if only_verifies(step, state):
        return (Fact("how", "its work is in place: only the verify queries run", Look.STRONG),)
    if step.action.author_sql is not None:
        return sql_facts(statements_of(step), step.limits, state.statements_done)
    how = step.action.how(_time(step.limits.lock_timeout), _time(step.limits.statement_timeout))
    if (soak := step.action.soak) is not None:
        return (_how(f"{_until((state.started_at or now.utc) + soak, now)}; {how}"),)
    return (_how(how), *(_resumes(state) if step.action.batches is not None else ()))


def sql_facts(statements: tuple[Statement, ...], limits: Limits, done: int = 0) -> tuple[Fact, ...]:
    """In one transaction or one by one, under which limits, and what a pause can do."""
    classes = tuple(dict.fromkeys(statement.statement_class for statement in statements))
    number = counted(len(statements), "statement")
    if all(statement.transactional for statement in statements):
        pieces = f"{number} in one transaction, all or nothing"
    else:
        pieces = f"{number} outside a transaction, each on its own"
    kinds = ", ".join(dict.fromkeys(statement.kind for statement in statements))
    facts = [_how(f"{pieces}: {kinds} ({', '.join(each.shown for each in classes)}); {_limits(classes, limits)}")]
    if done:
        facts.append(Fact("from", f"statement {done + 1} of {len(statements)}: those before it are done", Look.STRONG))
    pauses = (COMMITS if may_have_committed(each) else PAUSE_WHILE[each.statement_class] for each in statements)
    return (*facts, Fact("pause", "; ".join(dict.fromkeys(pauses)) or "nothing to stop", rank=Rank.HELPS))


def _how(text: str) -> Fact:
    return Fact("how", text, rank=Rank.HELPS)


def _limits(classes: tuple[StatementClass, ...], limits: Limits) -> str:
    both = [timeouts(each, limits) for each in classes]
    lock = " / ".join(dict.fromkeys(_time(each.lock) for each in both))
    statement = " / ".join(dict.fromkeys(_time(each.statement) for each in both))
    if StatementClass.INSTANT_DDL in classes or StatementClass.UNKNOWN in classes:
        gap = f"waits for a gap for up to {_time(limits.lock_patience)}, nobody behind it"
        return f"{gap}; if none comes, {lock} at most in the queue; statement_timeout {statement}"
    return f"lock_timeout {lock}, up to {counted(1 + limits.retries, 'try', 'tries')}; statement_timeout {statement}"


def _resumes(state: StepState) -> tuple[Fact, ...]:
    if not state.batches:
        return ()
    share = "" if state.fraction is None else f" ({amounts.share(state.fraction)})"
    rows = counted(state.rows or 0, "row", shown=amounts.number(state.rows or 0))
    done = f"{rows}{share} in {counted(state.batches, 'batch', 'batches', shown=amounts.number(state.batches))}"
    return (Fact("from", f"goes on at its checkpoint, after {done}", Look.STRONG),)


def _time(duration: timedelta) -> str:
    return "none" if duration <= UNLIMITED else amounts.limit(duration)


def _until(until: datetime, now: Now) -> str:
    left = (until - now.utc).total_seconds()
    to_go = f"{amounts.age(left)} to go" if left > 0 else "that time is over"
    return f"waits until {until:%Y-%m-%d %H:%M} UTC, {to_go}"
