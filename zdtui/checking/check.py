"""The whole check: from what was given to what was found. Runs squawk; talks to no server."""

from dataclasses import dataclass, replace

from zdtui.checking.checked import Checked, Unread
from zdtui.checking.down import as_down, up_and_down
from zdtui.checking.inputs import Given, Input
from zdtui.checking.not_sql import not_read
from zdtui.checking.without_secrets import without_secrets
from zdtui.collecting import fewer_collections
from zdtui.errors import PlanError
from zdtui.hazards.find import findings_of_plan, findings_of_sql
from zdtui.hazards.hazard import Finding
from zdtui.hazards.rules import RULES, SAME_AS_SQUAWK
from zdtui.hazards.second_opinion import Asked, asked_of_plan, asked_of_text, second_opinion
from zdtui.hazards.silence import silenced, silences_nothing
from zdtui.plan.load import parse_plan
from zdtui.plan.model import Plan
from zdtui.sql.schema.copied import copied
from zdtui.sql.schema.relations import Schema
from zdtui.sql.text.psql import as_sent
from zdtui.sql.transactions import NEWEST

BLANK = " \t\n\r\f\v"
"""What PostgreSQL's lexer takes for white space; Python takes more."""


@dataclass(frozen=True, slots=True)
class _Read:
    """One input with its findings, before squawk was asked."""

    given: Input
    version: int
    findings: tuple[Finding, ...]
    asked: tuple[Asked, ...]
    plan: Plan | None = None


@fewer_collections()
def check(
    given: Given, *, version: int | None = None, with_squawk: bool = True, schema: Schema | None = None
) -> Checked:
    """Everything that can be said of what was given. Never raises, whatever stands in it.

    `version` is a major version of PostgreSQL; by default a plan's own least one, else the newest. Files of SQL are
    taken in order as the history of one database, each released on its own. `schema` is what is there before the first
    of them, and before each plan; by default nothing is known of it. It is not changed.
    """
    unread: list[Unread] = list(given.unread)
    filled_in: list[str] = []
    reads: list[_Read] = []
    before = schema or Schema()
    history = copied(before)
    for each in given.inputs:
        try:
            reads.append(_read(each, version, copied(before) if each.is_plan else history, given.files_outside))
            if not each.is_plan:
                bad = not_read(each.path, each.text, reads[-1].findings, version)
                unread += [bad.mistakes] if bad.mistakes is not None else []
                filled_in += [bad.note] if bad.note else []
        except PlanError as error:
            unread.append(Unread.because(each.path, error))
    reads, notes = _with_squawk(reads) if with_squawk else (reads, [])
    findings: list[Finding] = []
    names = _names(reads) if with_squawk else frozenset()
    for read in reads:
        if read.plan is None:
            found, more = silenced(read.given.text, read.findings, SAME_AS_SQUAWK, names)
        else:
            found, more = read.findings, _silences_nothing(read.given.path, read.plan, names)
        findings += found
        notes += more
    return Checked(
        version=reads[0].version if reads else version or NEWEST,
        findings=without_secrets(findings),
        unread=tuple(unread),
        notes=(*filled_in, *notes),
        paths=tuple(each.path for each in given.inputs),
        plans=tuple(read.plan for read in reads if read.plan is not None),
    )


def _names(reads: list[_Read]) -> frozenset[str]:
    """What hazards are called: ours, and what squawk just said; which other names it has only it knows."""
    found = [hazard for read in reads for finding in read.findings for hazard in finding.hazards]
    said = {name for hazard in found for name in (hazard.rule, *hazard.also)}
    return frozenset({rule.name for rule in RULES} | said)


def _silences_nothing(path: str, plan: Plan, names: frozenset[str]) -> tuple[str, ...]:
    return tuple(
        silences_nothing(f"{path}: step {step.id}", rule, names)
        for step in plan.steps
        for rule, _ in step.silence
        if names and rule not in names
    )


def _read(given: Input, version: int | None, schema: Schema, files_outside: bool) -> _Read:
    if given.is_plan:
        return _read_plan(given, version, schema, files_outside)
    return _read_sql(given, version or NEWEST, schema)


def _read_plan(given: Input, version: int | None, schema: Schema, files_outside: bool) -> _Read:
    plan = given.plan or parse_plan(given.text, given.path, files_outside=files_outside)
    assumed = version or plan.target.minimum_version or NEWEST
    findings = findings_of_plan(plan, version=assumed, schema=schema)
    return _Read(given, assumed, findings, asked_of_plan(plan, findings), plan)


def _read_sql(given: Input, version: int, schema: Schema) -> _Read:
    """The up part changes the schema that the files after it are read with; the down part is tried on a copy."""
    up, down = up_and_down(given.text, all_down=given.is_down)
    findings: list[Finding] = []
    if up.strip(BLANK):
        findings += findings_of_sql(up, given.path, version=version, schema=schema)
        _released(schema)
    if down.strip(BLANK):
        findings += as_down(findings_of_sql(down, given.path, version=version, schema=copied(schema)))
    ordered = tuple(sorted(findings, key=lambda finding: finding.statement.offset))
    return _Read(given, version, ordered, (asked_of_text(as_sent(given.text).text, ordered, range(len(ordered))),))


def _released(schema: Schema) -> None:
    """What one file makes is in use when the next one is run."""
    schema.put([replace(each, fresh=False) for each in schema.relations.values() if each.fresh])


def _with_squawk(reads: list[_Read]) -> tuple[list[_Read], list[str]]:
    """The inputs with what squawk says. It is asked once for plans, whose steps are transactions, and once for SQL."""
    done, notes = list(reads), []
    for is_plan in (True, False):
        chosen = [place for place, read in enumerate(reads) if read.given.is_plan is is_plan]
        if not chosen:
            continue
        texts = [(reads[place].findings, reads[place].asked) for place in chosen]
        opinion = second_opinion(texts, reads[chosen[0]].version, in_plan=is_plan)
        notes += [opinion.note] if opinion.note else []
        for place, findings in zip(chosen, opinion.findings, strict=True):
            done[place] = replace(reads[place], findings=findings)
    return done, list(dict.fromkeys(notes))
