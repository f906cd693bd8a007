"""Runs, by the journal in the database: where each stands, and what happened. Figures and fixed words only.

What the server said (an error may repeat a row), what a person wrote and the SQL of the plan stay out of it.
"""

from enum import Enum
from typing import Any
from uuid import UUID

from pydantic import Field

from zdtui.agents.answer import Answer, RefusedError
from zdtui.agents.database import Database
from zdtui.agents.says import Says
from zdtui.agents.tool import Arguments, Asked, Kind, ShortText, Tool
from zdtui.errors import JournalError
from zdtui.postgres.sessions.session import Session
from zdtui.run.journal import store
from zdtui.run.journal.documents.parts import RunPart, run_part
from zdtui.run.journal.documents.report import ReportDocument, report_document
from zdtui.run.journal.layout import unreadable
from zdtui.run.journal.reader import NoRunError, fold, run_of, runs_of
from zdtui.run.journal.standing import worth_telling
from zdtui.run.journal.stored_events import Held
from zdtui.run.journal.stored_events import read as read_run
from zdtui.run.model.events import Recorded

MOST_EVENTS = 200
WORDS = frozenset(
    [
        *("step", "sqlstate", "guard", "rule", "environment", "zdtui_version", "action", "severity"),
        *("plan_digest", "sql_digest", "confirmed_by", "by", "plan_name"),
    ]
)
"""Fields of events whose texts are told: names that zdtui, the plan or the standard gave, and who acted."""
LEFT_OUT_OF_RUN = frozenset({"server", "damage", "title", "blind", "steps"})
LEFT_OUT_OF_STEP = frozenset({"message"})
LEFT_OUT_OF_REPORT = frozenset({"run", "events", "format"})


class RunStatus(Arguments):
    """See RUN_STATUS."""

    run: ShortText | None = Field(default=None, description="beginning of its id; else the newest and the unfinished")


class RunLog(Arguments):
    """See RUN_LOG."""

    run: ShortText | None = Field(default=None, description="beginning of its id; else the newest")
    after: int = Field(default=0, ge=0, description="only events after this number")


async def run_status(asked: Asked, arguments: RunStatus) -> Answer:
    """Where runs stand."""
    database = asked.place.asked_database()
    async with database.one_moment() as session:
        await may_be_read(database, session)
        chosen = [await _run(session, arguments.run)] if arguments.run is not None else await _runs(session)
        found = [(run, await _read(database, session, run)) for run in chosen]
        held = await store.holder(session)
    states = [((run, each), fold(list(each.events))) for run, each in found]
    shown = worth_telling(states, every=arguments.run is not None)
    parts = [run_part(run, state, each.chain.damage) for (run, each), state in shown]
    says = (Says.RUN,) if all(each.journal_whole for each in parts) else (Says.JOURNAL_NOT_WHOLE,)
    return Answer(says, {"held_by_a_console": held is not None, "runs": [_part(each) for each in parts]})


async def run_log(asked: Asked, arguments: RunLog) -> Answer:
    """What happened in one run, the newest first."""
    run, held = await one_run(asked, arguments.run)
    events = [each for each in held.events if each.sequence > arguments.after]
    newest = [figures(each) for each in reversed(events[-MOST_EVENTS:])]
    says = (Says.LOG,) if held.chain.damage is None else (Says.JOURNAL_NOT_WHOLE,)
    return Answer(says, {"run": run, "events": newest, "older_events": max(0, len(events) - MOST_EVENTS)})


async def run_report(asked: Asked, given: str) -> Answer:
    """The whole of one run, in figures."""
    run, held = await one_run(asked, given)
    document: ReportDocument = report_document(run, fold(list(held.events)), held.events, held.chain.damage)
    totals = {key: each for key, each in document.model_dump().items() if key not in LEFT_OUT_OF_REPORT}
    says = (Says.LOG,) if held.chain.damage is None else (Says.JOURNAL_NOT_WHOLE,)
    data = {"run": _part(document.run), **totals, "events": [figures(each) for each in reversed(held.events)]}
    return Answer(says, data)


async def one_run(asked: Asked, given: str | None) -> tuple[UUID, Held]:
    """A run and its events. Raises RefusedError."""
    database = asked.place.asked_database()
    async with database.one_moment() as session:
        await may_be_read(database, session)
        run = await _run(session, given)
        return run, await _read(database, session, run)


async def may_be_read(database: Database, session: Session) -> None:
    """Look at what there is of a journal before any of it is read. Raises RefusedError; a person is told why."""
    facts = await store.journal_facts(session)
    if (why := unreadable(facts)) is not None:
        database.tell(why)
        raise RefusedError(Says.JOURNAL_UNREADABLE)
    if not facts.installed:
        raise RefusedError(Says.NO_RUN)


async def _read(database: Database, session: Session, run: UUID) -> Held:
    try:
        return await read_run(session, run)
    except JournalError as error:
        database.tell(str(error))
        raise RefusedError(Says.JOURNAL_UNREADABLE) from None


async def _runs(session: Session) -> list[UUID]:
    try:
        return await runs_of(session)
    except NoRunError:
        raise RefusedError(Says.NO_RUN) from None


async def _run(session: Session, given: str | None) -> UUID:
    try:
        return await run_of(session, given)
    except NoRunError:
        raise RefusedError(Says.NO_RUN) from None
    except JournalError:
        raise RefusedError(Says.NO_SUCH_RUN) from None


def _part(run: RunPart) -> dict[str, Any]:
    told = {key: each for key, each in run.model_dump().items() if key not in LEFT_OUT_OF_RUN}
    steps = [
        {key: each for key, each in step.model_dump().items() if key not in LEFT_OUT_OF_STEP and each is not None}
        for step in run.steps
    ]
    return {**told, "blind": [each.figure for each in run.blind], "steps": steps}


def figures(recorded: Recorded) -> dict[str, Any]:
    """An event's kind, place, time and figures, and of its texts those that are names."""
    event = recorded.event
    told: dict[str, Any] = {"number": recorded.sequence, "at": recorded.at, "by": recorded.operator, "kind": event.kind}
    for name in type(event).model_fields:
        value = getattr(event, name)
        if name == "kind" or value is None:
            continue
        if name in WORDS or isinstance(value, bool | int | float | Enum):
            told[name] = value
    return told


RUN_STATUS = Tool("run_status", Kind.READS, "Where runs and their steps stand, by the journal.", RunStatus, run_status)
RUN_LOG = Tool(
    "run_log", Kind.READS, "What happened in a run, newest first, in figures; no error text, no SQL.", RunLog, run_log
)
TOOLS = (RUN_STATUS, RUN_LOG)
