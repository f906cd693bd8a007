"""Making and reading plans: a draft of a change, the documents of a plan, a plan of another tool's folder."""

import asyncio
from dataclasses import replace
from typing import Any

from pydantic import Field

from zdtui.agents.answer import Answer, Document, RefusedError
from zdtui.agents.apart import Given, names_like_text, reads_like_text, strings
from zdtui.agents.root import names_below, words_below
from zdtui.agents.says import Says
from zdtui.agents.tool import Arguments, Asked, Kind, LongText, ShortText, Tool
from zdtui.agents.tools.checks import problems_of, told
from zdtui.draft.draft import DraftedPlan
from zdtui.draft.draft import draft_plan as draft
from zdtui.draft.drafted import DraftError
from zdtui.draft.known import OLDEST, Known
from zdtui.draft.live import known_on
from zdtui.draft.of_sql import known_of_sql
from zdtui.errors import PlanError
from zdtui.importing.files import only_inside
from zdtui.importing.migration import ImportingError
from zdtui.importing.plan import plan_of
from zdtui.importing.tools import read_folder
from zdtui.plan.load import parse_plan
from zdtui.plan.model import Plan
from zdtui.plan.render import render_plan as rendered
from zdtui.plan.render import render_rollback
from zdtui.regular_file import FileError
from zdtui.sql.split import split

THE_DATABASE = "the database"
"""What a draft says that its tables were read from: no address, and no name that somebody gave."""
THE_SCHEMA = "the schema that was given"


class DraftPlan(Arguments):
    """See DRAFT_PLAN."""

    sql: LongText = Field(description="the change as plain DDL, such as ALTER TABLE ...")
    schema_sql: LongText | None = Field(default=None, description="CREATE statements, where no database is")
    name: ShortText | None = None


class RenderPlan(Arguments):
    """See RENDER_PLAN."""

    text: LongText = Field(description="the plan (YAML)")
    rollback_only: bool = False


class ImportFolder(Arguments):
    """See IMPORT_FOLDER."""

    folder: ShortText = Field(description="path inside the root folder")
    from_version: ShortText | None = None


async def draft_plan(asked: Asked, arguments: DraftPlan) -> Answer:
    """A plan of the change. With a database its catalog tells the tables, unless a schema is given."""
    if names_like_text(arguments.sql):
        raise RefusedError(Says.NAMES_LIKE_TEXT)
    known = await _known(asked, arguments)
    try:
        drafted = await asyncio.to_thread(draft, arguments.sql, known, arguments.name)
    except DraftError as error:
        given = Given.of([arguments.sql], [], [known.schema]).among([str(error)])
        raise RefusedError(Says.CANNOT_DRAFT, reason=told(str(error), given)) from None
    except PlanError as error:
        problems = problems_of(error.problems, Given.of([arguments.sql], [arguments.sql]))
        raise RefusedError(Says.CANNOT_DRAFT, problems=problems) from None
    _without_texts_of_others(drafted, known)
    unknown = () if known.where_from else (Says.NOT_KNOWN,)
    given = Given.of([arguments.sql], [], [known.schema]).among(drafted.decisions)
    to_decide = [told(each, given) for each in drafted.decisions]
    data = {"plan": Document(drafted.text), "steps": drafted.steps, "to_decide": to_decide}
    return Answer((*unknown, Says.DRAFTED, Says.PERSON_DECIDES), data)


async def _known(asked: Asked, arguments: DraftPlan) -> Known:
    if arguments.schema_sql is not None:
        return await asyncio.to_thread(known_of_sql, arguments.schema_sql, OLDEST, THE_SCHEMA)
    if asked.place.database is None:
        return Known(version=OLDEST)
    tables = {each.relation for one in split(arguments.sql) for each in one.operations if each.relation is not None}
    async with asked.place.database.asked() as session:
        return replace(await known_on(session, tables, watched_for=0), where_from=THE_DATABASE)


def _without_texts_of_others(drafted: DraftedPlan, known: Known) -> None:
    """A draft puts names into titles and notes. Raises RefusedError where one of a catalog reads like a text."""
    like_text = {each for each in strings(known.schema) if reads_like_text(each) and '"' not in each}
    said = sorted(each for each in like_text if any(each in text for text in _prose(drafted)))
    if said:
        raise RefusedError(Says.NAMES_LIKE_TEXT, names=said)


def _prose(drafted: DraftedPlan) -> list[str]:
    """What a draft says in words: comments, titles, notes, instructions, reasons."""
    plan = parse_plan(drafted.text, "draft.yaml")
    comments = [line for line in drafted.text.splitlines() if line.lstrip().startswith("#")]
    said = [plan.title, plan.description, *comments, *drafted.decisions]
    for step in plan.steps:
        said += [step.title, step.notes, *(text for silenced in step.silence for text in silenced)]
        said += [getattr(step.action, "instructions", ""), getattr(step.rollback, "consequence", "")]
        said += [getattr(step.rollback, "reason", "")]
    return said


def plan_given(asked: Asked, text: str) -> Plan:
    """The plan in this text; the files of SQL it names lie in the root. Raises RefusedError."""
    try:
        return parse_plan(text, str(asked.place.root.folder / "given.yaml"))
    except PlanError as error:
        raise RefusedError(Says.UNREADABLE, problems=problems_of(error.problems, Given.of(prose=[text]))) from None


async def render_plan(asked: Asked, arguments: RenderPlan) -> Answer:
    """The plan and its rollback plan as Markdown."""
    plan = await asyncio.to_thread(plan_given, asked, arguments.text)
    data: dict[str, Any] = {"rollback": Document(render_rollback(plan))}
    if not arguments.rollback_only:
        data = {"markdown": Document(rendered(plan))}
    return Answer((Says.PERSON_DECIDES,), data)


async def import_folder(asked: Asked, arguments: ImportFolder) -> Answer:
    """Another tool's folder of migrations as a plan."""
    return await asyncio.to_thread(_imported, asked, arguments)


def _imported(asked: Asked, arguments: ImportFolder) -> Answer:
    root = asked.place.root
    folder = root.whole_folder(arguments.folder)
    given = Given.of(prose=words_below(folder, root.folder), things=[names_below(folder), str(folder), folder.name])
    try:
        with only_inside(root.folder):
            read = read_folder(folder)
            imported = plan_of(read, folder.name, arguments.from_version)
        parse_plan(imported.text, "imported.yaml")
    except (ImportingError, FileError) as error:
        raise RefusedError(Says.NOT_IMPORTED, reason=told(str(error), given)) from None
    except PlanError as error:
        problems = problems_of(error.problems, Given.of(prose=[imported.text]))
        raise RefusedError(Says.NOT_IMPORTED, problems=problems) from None
    data = {
        "tool": read.tool,
        "plan": Document(imported.text),
        "steps": imported.steps,
        "not_read": [told(each, given) for each in imported.unread],
        "no_way_down": list(imported.without_way_back),
        "way_down_proposed": list(imported.proposed),
        "left_out": [told(each, given) for each in imported.remarks],
    }
    return Answer((Says.IMPORTED, Says.PERSON_DECIDES), data)


DRAFT_PLAN = Tool(
    "draft_plan",
    Kind.READS,
    "Make a zero-downtime plan (YAML) of a schema change given as SQL: phases, backfills, rollbacks, what a person has"
    " to decide. The SQL is read, never sent.",
    DraftPlan,
    draft_plan,
)
RENDER_PLAN = Tool(
    "render_plan", Kind.READS, "A plan and its rollback plan as Markdown for review.", RenderPlan, render_plan
)
IMPORT_FOLDER = Tool(
    "import_folder",
    Kind.READS,
    "Make a plan of a migrations folder of Flyway, golang-migrate, dbmate, goose, sqitch, Prisma and others.",
    ImportFolder,
    import_folder,
)
TOOLS = (DRAFT_PLAN, RENDER_PLAN, IMPORT_FOLDER)
