"""What a rehearsal that was killed has left: taken back by the texts it had confirmed, or named.

Its journal says what it did; the copy it made is a database with a name that no other rehearsal of the same database
uses. Both are looked for before the next rehearsal begins.
"""

from collections.abc import Awaitable, Callable

from zdtui.errors import JournalError, ZdtuiError
from zdtui.plan.load import parse_plan
from zdtui.plan.model import Plan, Step
from zdtui.postgres.ask import ask
from zdtui.postgres.journal.place import rehearsals_journal
from zdtui.postgres.rehearsal import rehearsal_sql
from zdtui.postgres.sessions.connect import connect
from zdtui.postgres.target.target import Target
from zdtui.rehearse.copy import drop_copy
from zdtui.rehearse.impatient import impatient
from zdtui.rehearse.permission import Permission, RehearsalRefusedError
from zdtui.rehearse.relations import NAME
from zdtui.rehearse.stage import on_stage
from zdtui.run.decisions.decide import undoable
from zdtui.run.engine.surface import EngineSurface
from zdtui.run.journal.reader import NoRunError, fold, read_standing
from zdtui.run.model.state import RunState

FORGET = "DROP SCHEMA zdtui_rehearsal CASCADE"


async def clean_up(
    permission: Permission, plan: Plan, target: Target, shown: Callable[[EngineSurface], bool]
) -> tuple[str, ...]:
    """Take back what an earlier rehearsal has left in the database, and forget it. What was done, a sentence each.

    Raises RehearsalRefusedError that names what could not be taken back.
    """
    async with await connect(target, application_name=NAME, only_asks=False) as session:
        told = ["the copy that an earlier rehearsal had left was dropped"] if await drop_copy(session) else []
        there = await ask(session, rehearsal_sql("there"))
        if not there:
            return tuple(told)
        if not there[0][0]:
            raise RehearsalRefusedError(
                "the schema zdtui_rehearsal is there, and zdtui did not make it: a rehearsal keeps its journal under"
                " that name. Find out whose it is, and rename it"
            )
    left = await _left(target)
    if left is not None and undoable(_plan_of(left, plan), left):
        told.append(await _take_back(permission, left, _plan_of(left, plan), target, shown))
    await forget(target)
    return tuple(told)


async def forget(target: Target) -> None:
    """Drop the rehearsal's journal. Raises TargetError."""
    async with await connect(target, application_name=NAME, only_asks=False) as session:
        await ask(session, rehearsal_sql("forget"))


async def _left(target: Target) -> RunState | None:
    """The run that was cut off; None: it had not begun."""
    with rehearsals_journal():
        try:
            journals, _ = await read_standing(target)
        except NoRunError:
            return None
        except JournalError as error:
            raise RehearsalRefusedError(
                f"an earlier rehearsal left a journal that cannot be read ({error}); once you know that the database is"
                f" as it was: {FORGET}"
            ) from None
    return fold(journals[0].events)


def _plan_of(left: RunState, plan: Plan) -> Plan:
    """The plan that was rehearsed then. Raises RehearsalRefusedError where its text does not say it any more."""
    opened = left.opened
    if opened is None or opened.plan_digest == plan.digest:
        return plan
    try:
        read = parse_plan(opened.plan_text, opened.plan_path)
    except ZdtuiError:
        read = None
    if read is None or read.digest != opened.plan_digest:
        raise _named(left, opened.plan_name, "the files of its plan are not here as they were")
    return read


async def _take_back(
    permission: Permission, left: RunState, plan: Plan, target: Target, shown: Callable[[EngineSurface], bool]
) -> str:
    impatient_plan = impatient(plan, alone=permission.at.is_ours)
    async with on_stage(permission, impatient_plan, target, _by_nobody(), shown, _unmeasured) as stage:
        ended = await stage.operator.take_all_back()
    if not ended.done:
        raise _named(left, plan.name, ended.why)
    return f"what an earlier rehearsal of {plan.name} had left was taken back"


def _named(left: RunState, name: str, why: str) -> RehearsalRefusedError:
    steps = ", ".join(step for step, state in left.steps.items() if state.applied) or "none that is known"
    return RehearsalRefusedError(
        f"an earlier rehearsal of {name} was cut off, and its steps are still in place ({steps}): {why}. Restore the"
        f" database, then: {FORGET}"
    )


def _unmeasured(what_cannot_be_seen: str) -> None:
    """Nothing is measured of a move that only takes back: that it could not be seen is nothing to be known."""


def _by_nobody() -> Callable[[Step], Awaitable[str | None]]:
    async def note(step: Step) -> str | None:
        return "nothing to do by hand"

    return note
