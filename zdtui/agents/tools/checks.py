"""Checking a plan or SQL: read by our own parser, never sent to a server."""

import asyncio
from collections.abc import Iterable
from typing import Any

from pydantic import Field

from zdtui.agents.answer import Answer, Document, RefusedError
from zdtui.agents.apart import Given
from zdtui.agents.says import Says
from zdtui.agents.tool import Arguments, Asked, Kind, LongText, ShortText, Tool
from zdtui.checking.check import check
from zdtui.checking.checked import Checked
from zdtui.checking.inputs import PLAN_BEGINS, Input
from zdtui.checking.inputs import Given as Files
from zdtui.errors import Problem
from zdtui.hazards.explain import page
from zdtui.hazards.hazard import Finding, Hazard, Severity
from zdtui.hazards.rules import BY_NAME
from zdtui.postgres.catalog import read_schema
from zdtui.sql.schema.relations import Schema

CALLED = "given"
"""What the text is called, which has no name."""


class CheckPlan(Arguments):
    """See CHECK_PLAN."""

    text: LongText = Field(description="a plan (YAML) or SQL")
    postgres_version: int | None = Field(default=None, ge=13, le=19)


class ExplainHazard(Arguments):
    """See EXPLAIN_HAZARD."""

    rule: ShortText


async def check_plan(asked: Asked, arguments: CheckPlan) -> Answer:
    """What the text would do to the application. With a database its own tables and version count."""
    schema, version = None, arguments.postgres_version
    if asked.place.database is not None:
        async with asked.place.database.asked() as session:
            schema, version = await read_schema(session), session.info.server_version // 10000
    return await asyncio.to_thread(checked_answer, asked, arguments.text, version, schema)


def checked_answer(asked: Asked, text: str, version: int | None, schema: Schema | None) -> Answer:
    """The check of one text."""
    is_plan = PLAN_BEGINS.match(text) is not None
    path = str(asked.place.root.folder / f"{CALLED}.{'yaml' if is_plan else 'sql'}")
    files = Files((Input(path, text, is_plan=is_plan),))
    checked = check(files, version=version, with_squawk=False, schema=schema)  # which would be given it in a file
    given = given_of(text, checked.findings, schema)
    data: dict[str, Any] = {
        "is_plan": is_plan,
        "postgres_version": checked.version,
        "counts": checked.counts(),
        "problems": problems_of([Problem(each.line, each.column, each.sentence) for each in checked.problems], given),
        "findings": [_finding(each, given) for each in checked.findings if each.hazards or not each.effects.known],
    }
    return Answer((_verdict(checked), Says.PERSON_DECIDES), data, refused=False)


def given_of(text: str, findings: Iterable[Finding], schema: Schema | None) -> Given:
    """What others wrote in a text that was checked, and in the catalog it was checked by."""
    found = list(findings)
    things: list[Any] = [each.operations for each in found] + [each.effects for each in found]
    sentences = [hazard.sentence for each in found for hazard in each.hazards]
    sentences += [hazard.safer.sentence for each in found for hazard in each.hazards if hazard.safer is not None]
    known = [] if schema is None else [schema]
    return Given.of([each.statement.text for each in found], [text], [*things, *known]).among(sentences)


def problems_of(problems: Iterable[Problem], given: Given) -> list[dict[str, Any]]:
    """What is wrong and where, each sentence apart from the names in it."""
    return [
        {"line": each.line or None, "column": each.column or None, **told(each.sentence, given)} for each in problems
    ]


def told(sentence: str, given: Given) -> dict[str, Any]:
    """A sentence and the names that ‹1›, ‹2› in it stand for; null where it would repeat what was given."""
    apart = given.apart(sentence)
    return {"sentence": None} if apart is None else {"sentence": apart.sentence, "names": list(apart.names)}


def _verdict(checked: Checked) -> Says:
    if checked.unread:
        return Says.UNREADABLE
    loud = {hazard.severity for hazard in checked.hazards if hazard.silenced is None}
    return Says.STOPS if Severity.STOP in loud else Says.WARNS if Severity.WARN in loud else Says.NO_HAZARD


def _finding(finding: Finding, given: Given) -> dict[str, Any]:
    place, effects = finding.place, finding.effects
    return {
        "line": place.line,
        "column": place.column,
        "step": place.step,
        "part": str(place.part),
        "statement": finding.statement.text,
        "kind": finding.statement.kind,
        "understood": effects.known,
        "locks": [{"relation": str(each.relation), "mode": str(each.mode)} for each in effects.locks],
        "rewrites": [str(each) for each in effects.rewrites],
        "scans": [str(each) for each in effects.scans],
        "hazards": [_hazard(each, given) for each in finding.hazards],
    }


def _hazard(hazard: Hazard, given: Given) -> dict[str, Any]:
    rule = BY_NAME.get(hazard.rule)
    safer = hazard.safer
    return {
        "rule": hazard.rule,
        "severity": str(hazard.severity),
        "title": None if rule is None else rule.title,
        **told(hazard.sentence, given),
        "silenced_because": hazard.silenced,
        "safer": None
        if safer is None
        else {
            **told(safer.sentence, given),
            "sql": Document(safer.sql),
            "steps": [{"id": each.id, "phase": each.phase, "yaml": Document(each.yaml)} for each in safer.steps],
        },
    }


async def explain_hazard(asked: Asked, arguments: ExplainHazard) -> Answer:
    """The page of a hazard, which is ours."""
    rule = BY_NAME.get(arguments.rule)
    if rule is None:
        raise RefusedError(Says.NO_SUCH_HAZARD)
    return Answer((), {"page": Document(page(rule))})


CHECK_PLAN = Tool(
    "check_plan",
    Kind.READS,
    "Hazards, locks, rewrites and mistakes of a plan or of SQL, with line and column, and the safer way. Never sent"
    " to a server.",
    CheckPlan,
    check_plan,
)
EXPLAIN_HAZARD = Tool(
    "explain_hazard",
    Kind.READS,
    "Why a hazard of check_plan is one, and what to do instead.",
    ExplainHazard,
    explain_hazard,
)
TOOLS = (CHECK_PLAN, EXPLAIN_HAZARD)
