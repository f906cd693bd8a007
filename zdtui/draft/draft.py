"""From statements to a plan: each is read, drafted by the module of its kind, and all are put in one order. Pure."""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, replace
from itertools import chain

from zdtui import amounts
from zdtui.counted import counted
from zdtui.draft.changes import (
    add_column,
    change_type,
    constraint,
    drop,
    enum_value,
    index,
    move_columns,
    not_null,
    partition,
    rename,
    replace_columns,
    whole_table,
)
from zdtui.draft.drafted import Asked, Drafted, DraftError, slug, sql, step
from zdtui.draft.forms import read_form
from zdtui.draft.known import Known, Size
from zdtui.draft.tree import alone, changed
from zdtui.hazards.find import findings_of_plan, findings_of_sql
from zdtui.hazards.hazard import Severity
from zdtui.plan.load import parse_plan
from zdtui.plan.model import Environment, Irreversible, Phase, Plan, Step, StepId, Target
from zdtui.plan.write import write_plan
from zdtui.sql.facts import FACTS
from zdtui.sql.facts.fact import Case
from zdtui.sql.operation import UNKNOWN, Operation
from zdtui.sql.schema.follow import follow
from zdtui.sql.split import split
from zdtui.sql.statement import Statement
from zdtui.sql.text.name import Name

TYPE = "ALTER TABLE ALTER COLUMN TYPE"
CHANGES: dict[str, Callable[[Asked], Drafted]] = {
    "ALTER TABLE ADD COLUMN": add_column.draft,
    "ALTER TABLE ADD CONSTRAINT": constraint.draft,
    "ALTER TABLE ALTER COLUMN SET NOT NULL": not_null.draft,
    TYPE: change_type.draft,
    "ALTER TABLE DROP COLUMN": drop.draft_column,
    "ALTER TABLE REPLACE COLUMN": replace_columns.draft,
    "ALTER TABLE MOVE COLUMNS": move_columns.draft,
    "ALTER TABLE PARTITION BY": partition.draft,
    "ALTER TABLE RENAME": rename.draft_table,
    "ALTER TABLE RENAME COLUMN": rename.draft_column,
    "ALTER TYPE ADD VALUE": enum_value.draft_add,
    "ALTER TYPE DROP VALUE": enum_value.draft_drop,
    "ALTER TYPE RENAME VALUE": enum_value.draft_rename,
    "CLUSTER": whole_table.draft,
    "VACUUM FULL": whole_table.draft,
    "CREATE INDEX": index.draft,
    "CREATE INDEX CONCURRENTLY": index.draft,
    "DROP INDEX": index.draft_drop,
    "DROP INDEX CONCURRENTLY": index.draft_drop,
    "DROP TABLE": drop.draft_table,
}
"""By the manual's name of what is done; what is not here stays as it was written, where `check` has no stop for it."""
BRACKETS = frozenset({"BEGIN", "START TRANSACTION", "COMMIT"})
"""Around a file's statements: each step is a transaction of its own."""
ORDER = list(Phase)


@dataclass(frozen=True, slots=True)
class DraftedPlan:
    """A plan's text, and what only a person can decide about it."""

    text: str
    steps: int
    decisions: tuple[str, ...]


def draft_plan(text: str, known: Known, name: str | None = None, database: str | None = None) -> DraftedPlan:
    """The plan of all statements in `text`. Raises DraftError for the first that cannot be made safe."""
    drafts = _drafts(_asked(text, known))
    if not drafts:
        raise DraftError('there is no statement: give one, such as "ALTER TABLE t ALTER COLUMN c SET NOT NULL"')
    steps, comments = _together(drafts)
    comments[("", "")] = _head(text, known)
    title = drafts[0].title if len(drafts) == 1 else f"{counted(len(drafts), 'change')}: {drafts[0].title}, and more"
    plan = Plan(
        name=slug(name or drafts[0].title),
        title=title[:200],
        target=Target(database=database, minimum_version=known.version, environment=Environment.STAGING),
        steps=steps,
        source="",
        path="",
        digest="",
    )
    written = write_plan(plan, comments)
    _stopped_by_nothing(written, known)
    return DraftedPlan(written, len(steps), tuple(chain.from_iterable(each.decisions for each in drafts)))


def _drafts(asked: list[Asked]) -> list[Drafted]:
    """Each by its module. A change of type that one before it has taken along is not drafted twice."""
    drafts: list[Drafted] = []
    for each in asked:
        name, column = each.operation.relation, each.operation.column
        changes = each.operation.kind == TYPE and name is not None and column is not None
        place = (each.known.schema.resolve(name), column) if changes and name and column else None
        if not any(place in done.covers for done in drafts):
            drafts.append(_draft(each))
    return drafts


def _asked(text: str, known: Known) -> list[Asked]:
    """Each change with what is known before it: what the statements before it have made is there."""
    asked = []
    for statement in split(text):
        before = replace(known, schema=deepcopy(known.schema))
        for operation in statement.operations:
            if operation.kind in BRACKETS:
                continue
            asked.append(Asked(_known_kind(operation, statement), statement, before))
            _must_be_there(asked[-1])
        known = replace(known, schema=deepcopy(known.schema))
        for operation in statement.operations:
            follow(known.schema, operation)
    return asked


def _known_kind(operation: Operation, statement: Statement) -> Operation:
    """The operation; of a sentence that is no SQL, what it asks for. Raises DraftError when it is neither."""
    if operation.kind != UNKNOWN:
        return operation
    form = read_form(statement.text)
    if form is None:
        raise DraftError(f"`{' '.join(statement.text.split())[:100]}` cannot be read: is it SQL of PostgreSQL?")
    return replace(operation, kind=form.kind, relation=form.table)


def _must_be_there(asked: Asked) -> None:
    """A table that a catalog or a schema file does not have is no table without partitions: it is unknown."""
    name, known = asked.operation.relation, asked.known
    if not known.where_from or name is None or asked.operation.kind not in CHANGES:
        return
    if known.relation(name) is None and "IF EXISTS" not in asked.operation.words:
        raise DraftError(f"`{asked.shown}`: there is no {name} in {known.where_from}: check the name and its schema")


def _draft(asked: Asked) -> Drafted:
    make = CHANGES.get(asked.operation.kind)
    return _as_written(asked) if make is None else make(asked)


def _as_written(asked: Asked) -> Drafted:
    """A statement that nobody has to fear: as it is, with its inverse where it has one."""
    text = asked.statement.text
    if len(asked.statement.operations) > 1:
        text = changed(asked, alone(asked))
    stops = [
        hazard
        for finding in findings_of_sql(text, "draft.sql", version=asked.known.version)
        for hazard in finding.hazards
        if hazard.severity is Severity.STOP
    ]
    if stops:
        raise DraftError(f"`{asked.shown}`: {stops[0].rule}: {stops[0].sentence}")
    fact = FACTS.get(asked.operation.kind)
    case = Case(asked.operation, asked.known.schema, asked.known.version)
    inverse = None if fact is None or fact.inverse is None else fact.inverse(case)
    back = (
        Irreversible(consequence="no statement is known that takes this back: write one if there is")
        if inverse is None
        else inverse
    )
    kind = asked.operation.kind.capitalize()
    return Drafted(
        title=asked.shown,
        steps=(step(kind, asked.shown, Phase.CONTRACT if inverse is None else Phase.EXPAND, sql(text), back),),
    )


def _together(drafts: list[Drafted]) -> tuple[tuple[Step, ...], dict[tuple[str, str], str]]:
    """All steps in the order of their phases, within a phase in the order of the statements; ids are told apart."""
    comments: dict[tuple[str, str], str] = {}
    taken: set[str] = set()
    found: list[Step] = []
    for draft in drafts:
        ids: dict[str, StepId] = {}
        for each in draft.steps:
            ids[each.id] = StepId(_free(each.id, taken))
        found += [each.model_copy(update={"id": ids[each.id]}) for each in draft.steps]
        comments |= {(ids[step_id], key): said for (step_id, key), said in draft.comments.items()}
    found.sort(key=lambda each: ORDER.index(each.phase))
    return tuple(found), comments


def _free(step_id: str, taken: set[str]) -> str:
    found, number = step_id, 2
    while found in taken:
        found, number = f"{step_id[:56]}-{number}", number + 1
    taken.add(found)
    return found


def _head(text: str, known: Known) -> str:
    asked = "\n".join(f"  {' '.join(each.text.split())}" for each in split(text))
    said = f"Drafted from:\n{asked}\n"
    if not known.where_from:
        return said + (
            f"Nothing was known of the tables, so that PostgreSQL {known.version}, no partitions and no other indexes"
            " are assumed:\n--dsn or --schema tells more. Read each step, and what it says you have to decide."
        )
    sizes = [_size(name, known.sizes[name]) for name in _tables(text, known) if name in known.sizes]
    of_them = ("\n" + "\n".join(sizes)) if sizes else ""
    return f"{said}By {known.where_from}, PostgreSQL {known.version}.{of_them}"


def _tables(text: str, known: Known) -> list[Name]:
    named = [each.relation for statement in split(text) for each in statement.operations if each.relation is not None]
    return list(dict.fromkeys(known.schema.resolve(each) for each in named))


def _size(name: Name, size: Size) -> str:
    parts = [] if size.rows is None else [counted(size.rows, "row", shown=amounts.number(size.rows))]
    parts += [] if size.size_bytes is None else [amounts.size(size.size_bytes)]
    parts += [] if size.writes_per_second is None else [f"{amounts.roughly(size.writes_per_second)} writes/s"]
    return f"{name}: {', '.join(parts) or 'never analysed, so that its size is not known'}."


def _stopped_by_nothing(written: str, known: Known) -> None:
    """A draft that `check` stops is no draft. Raises DraftError."""
    plan = parse_plan(written, "draft.yaml")
    for finding in findings_of_plan(plan, version=known.version, schema=None):
        for hazard in finding.hazards:
            if hazard.severity is Severity.STOP and hazard.silenced is None:
                raise DraftError(f"step {finding.place.step} would be stopped: {hazard.rule}: {hazard.sentence}")
