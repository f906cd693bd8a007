"""Finding the hazards of a plan or of a file of SQL, statement by statement, with what came before in mind. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from zdtui.hazards.context import Context, EarlierStatement, History
from zdtui.hazards.hazard import Finding, Hazard, Part, Place, Severity
from zdtui.hazards.located import located_statements
from zdtui.hazards.rules import SAME_AS_SQUAWK, finders_for
from zdtui.hazards.transaction import Transaction
from zdtui.plan.model import Plan, Step
from zdtui.sql.classify import is_transaction_control
from zdtui.sql.operation import Operation, Role
from zdtui.sql.predict import effects
from zdtui.sql.schema.bound import bind
from zdtui.sql.schema.follow import follow
from zdtui.sql.schema.relations import Schema
from zdtui.sql.script import statements_of_script
from zdtui.sql.split import split
from zdtui.sql.statement import Statement, StatementClass
from zdtui.sql.text.name import Name
from zdtui.sql.transactions import NEWEST

Read = tuple[Statement, tuple[Operation, ...]]
"""A statement and what it does."""
OF_THE_TABLE = frozenset({"small-primary-key"})
OF_THE_FILE = "no-lock-timeout"
"""Told of the first statement only."""
BEGINS = frozenset({"BEGIN"})
ENDS = frozenset({"COMMIT", "ROLLBACK", "PREPARE TRANSACTION"})


def _finding(
    history: History,
    read: Read,
    place: Place,
    together: Transaction,
    step: Step | None = None,
    plan: Plan | None = None,
    *,
    follows: bool = True,
) -> Finding:
    """What is found in one statement; afterwards the schema is what the statement makes of it."""
    statement, found = read
    does = effects(found, history.schema, history.version)
    context = Context(
        statement=statement,
        operations=found,
        effects=does,
        place=place,
        history=history,
        together=together,
        step=step,
        plan=plan,
    )
    looking = finders_for(frozenset(each.kind for each in found))
    hazards = tuple(rule.hazard(each) for rule, finder in looking for each in finder.find(context))
    if plan is None:
        hazards = tuple(map(_left_to_the_author, hazards))
    history.before.append(EarlierStatement(found, does))
    history.warned_of_no_limit |= any(each.rule == OF_THE_FILE for each in hazards)
    kept = dict.fromkeys(context.keeps_from_writing)
    history.held.update(kept)
    if statement.statement_class is StatementClass.INSTANT_DDL or kept or does.scans:
        history.altered = set(kept) if context.takes_more_actions else set()
    if follows:
        history.done += len(found)
        for operation in found:
            _note(history, operation)
            follow(history.schema, operation)
            bind(history.schema, operation, statement.text)
    return Finding(statement=statement, place=place, operations=found, effects=does, hazards=hazards)


def _note(history: History, operation: Operation) -> None:
    """What the schema does not hold, of tables it does not know either."""
    if operation.kind == "SET" and operation.parameters == ("lock_timeout",):
        history.lock_timeout = (operation.expression or "").strip("' ") not in ("0", "DEFAULT")
    if operation.relation is None:
        return
    table = history.schema.resolve(operation.relation)
    if operation.kind == "CREATE TABLE" and "IF NOT EXISTS" in operation.words:
        history.perhaps_older.add(table)
    if operation.column is not None:
        _note_column(history, operation, (table, operation.column))
    else:
        _note_rows(history, operation, table)


def _note_column(history: History, operation: Operation, column: tuple[Name, str]) -> None:
    match operation.kind:
        case "ALTER TABLE ADD COLUMN":
            history.new_columns.add(column)
        case "ALTER TABLE RENAME COLUMN" if operation.new_name is not None:
            for known in (history.new_columns, history.never_null):
                if column in known:
                    known.add((column[0], operation.new_name))
        case "ALTER TABLE ALTER COLUMN SET NOT NULL":
            history.never_null.add(column)
        case "ALTER TABLE ALTER COLUMN DROP NOT NULL":
            history.never_null.discard(column)
        case _:
            pass


def _note_rows(history: History, operation: Operation, table: Name) -> None:
    match operation.kind:
        case "TRUNCATE":
            names = {table, *(history.schema.resolve(name) for name in operation.mentioned(Role.ALSO))}
            history.emptied |= names
            history.cleared |= names
        case "DELETE" if operation.where is None and not operation.mentioned(Role.READ):
            history.cleared.add(table)
        case "INSERT" | "COPY FROM" | "MERGE":
            history.emptied.discard(table)
            history.cleared.discard(table)
        case _:
            pass


def findings_of_plan(plan: Plan, *, version: int | None = None, schema: Schema | None = None) -> tuple[Finding, ...]:
    """Every statement of every step, with what the plan silences; backfills and copies as the statement they amount to.

    `version` is a major version, by default the plan's least or the newest. `schema` is changed as the plan would.
    """
    whole = _transaction(_read(statement) for step in plan.steps for statement in step.action.judged.statements)
    history = History(version or plan.target.minimum_version or NEWEST, schema or Schema(), whole)
    return tuple(_told_once_of_a_table(finding for step in plan.steps for finding in _of_step(history, plan, step)))


def _told_once_of_a_table(findings: Iterable[Finding]) -> Iterator[Finding]:
    """What is true of a table, whatever is done to it, is told of the first statement that touches it."""
    told: set[str] = set()
    for finding in findings:
        again = {each.sentence for each in finding.hazards if each.rule in OF_THE_TABLE} & told
        told |= {each.sentence for each in finding.hazards if each.rule in OF_THE_TABLE}
        left = tuple(each for each in finding.hazards if each.sentence not in again)
        yield replace(finding, hazards=left) if again else finding


def _of_step(history: History, plan: Plan, step: Step) -> Iterator[Finding]:
    reasons = dict(step.silence)
    history.emptied, history.cleared = set(), set()
    for part in Part:
        statements = located_statements(plan, step, part)
        together = all(each.statement.transactional for each in statements)
        reads = [_read(each.statement) for each in statements]
        transaction = _transaction(reads) if together else None
        for index, (each, read) in enumerate(zip(statements, reads, strict=True)):
            if index == 0 or not together:
                history.begin()
            place = Place(each.path, each.line, each.column, step.id, part, index, each.lines)
            whole = transaction or _transaction([read])
            finding = _finding(history, read, place, whole, step, plan, follows=part is Part.ACTION)
            hazards = (
                _fixable(hazard, bool(each.lines), together and len(statements) > 1) for hazard in finding.hazards
            )
            yield replace(finding, hazards=tuple(_silenced(_downgraded(each, part), reasons) for each in hazards))


def _read(statement: Statement) -> Read:
    return statement, statement.operations


def _transaction(reads: Iterable[Read]) -> Transaction:
    return Transaction(tuple(operation for _, found in reads for operation in found))


def _fixable(hazard: Hazard, as_written: bool, all_or_nothing: bool) -> Hazard:
    """Left to the author: what is not in the plan's text as it is run (in a file of SQL that other plans may read too,
    or folded by YAML), and statements that would be all or nothing no more."""
    if hazard.safer is None or not hazard.safer.fixable:
        return hazard
    becomes = hazard.safer.instead if hazard.safer.steps else hazard.safer.sql
    leaves = any(not statement.transactional for statement in split(becomes))
    written = not becomes or (as_written and not (leaves and all_or_nothing))
    return hazard if written else _left_to_the_author(hazard)


def _downgraded(hazard: Hazard, part: Part) -> Hazard:
    """What stops a step only warns in its rollback: that is run when things are bad, and is not to be stopped."""
    downgraded = part is Part.ROLLBACK and hazard.severity is Severity.STOP
    return replace(hazard, severity=Severity.WARN) if downgraded else hazard


def _silenced(hazard: Hazard, reasons: dict[str, str]) -> Hazard:
    """By its own name, or by what squawk calls the same."""
    names = (hazard.rule, *SAME_AS_SQUAWK.get(hazard.rule, ()))
    reason = next((reasons[name] for name in names if name in reasons), None)
    return hazard if reason is None else replace(hazard, silenced=reason)


def findings_of_sql(
    text: str, path: str, *, version: int | None = None, schema: Schema | None = None
) -> tuple[Finding, ...]:
    """Every statement of a file of SQL; what stands between BEGIN and COMMIT is one transaction.

    A file without BEGIN whose statements may all be in a transaction is taken for one, as most migration tools do; what
    is wrong only then is a warning at most.
    """
    reads = [_read(statement) for statement in statements_of_script(text)]
    history = History(version or NEWEST, schema or Schema(), _transaction(reads))
    history.assumed = all(each.transactional and not is_transaction_control(each) for each, _ in reads)
    found: list[Finding] = []
    starts = _line_starts(text)
    for transaction in _transactions(reads, history.assumed):
        history.begin()
        whole = _transaction(transaction)
        history.within = any(each.kind in BEGINS for each in whole.operations[:1])
        for read in transaction:
            statement = read[0]
            column = statement.offset - starts[statement.line - 1] + 1
            place = Place(path, statement.line, column, None, Part.ACTION, len(found))
            found.append(_finding(history, read, place, whole))
    return tuple(found)


def _transactions(reads: list[Read], assumed: bool) -> Iterator[list[Read]]:
    """The statements by the transaction they are in: from BEGIN to COMMIT, or each by itself."""
    if assumed:
        yield reads
        return
    together: list[Read] = []
    for read in reads:
        kind = read[1][0].kind
        if kind in BEGINS and together:
            yield together
            together = []
        together.append(read)
        if together[0][1][0].kind not in BEGINS or kind in ENDS:
            yield together
            together = []
    if together:
        yield together


def _left_to_the_author(hazard: Hazard) -> Hazard:
    """--fix writes into plans, and not into files of SQL."""
    if hazard.safer is None or not hazard.safer.fixable:
        return hazard
    return replace(hazard, safer=replace(hazard.safer, fixable=False))


def _line_starts(text: str) -> list[int]:
    starts = [0]
    for line in text.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    return starts
