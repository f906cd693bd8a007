"""What is wrong with a plan whose shape is right: order of phases, ids, SQL that the runner cannot take."""

from dataclasses import dataclass
from typing import assert_never

from zdtui.counted import counted
from zdtui.plan.fields import Fields
from zdtui.plan.model import (
    BackfillAction,
    CheckAction,
    CompareAction,
    CopyAction,
    ManualAction,
    Phase,
    Sql,
    SqlAction,
    SqlRollback,
    Step,
    WaitAction,
)
from zdtui.plan.nodes import MappingNode, Node, ScalarNode, items, place, written_in
from zdtui.plan.problems import Problems
from zdtui.plan.scalar import Places, line_and_column
from zdtui.sql.classify import is_transaction_control
from zdtui.sql.statement import Statement, StatementClass
from zdtui.sql.text.expression import certain_mistake
from zdtui.sql.text.quote import identifier_parts, read_name
from zdtui.sql.text.tokens import TokenKind, has_open_end, tokens

MOST_WORKERS = 8
PHASES = tuple(Phase)
NO_ANSWER = ("EXPLAIN", "SHOW", "FETCH")
"""Queries whose value is never true or false."""


@dataclass(frozen=True, slots=True)
class PlacedText:
    """A text of the plan and where it is written: in the plan itself, or in a file that the plan names."""

    text: str
    node: Node
    problems: Problems
    file: str | None = None

    def problem(self, sentence: str, offset: int = 0) -> None:
        """Note a problem with the character at `offset` of the text."""
        if self.file is not None:
            line = self.text.count("\n", 0, offset) + 1
            self.problems.add(*place(self.node), f"{self.file}:{line}: {sentence}")
            return
        at = place(self.node) if not isinstance(self.node, ScalarNode) else self._place_in(self.node, offset)
        self.problems.add(*at, sentence)

    def _place_in(self, node: ScalarNode, offset: int) -> tuple[int, int]:
        source = self.problems.text
        return line_and_column(
            self.problems.line_starts, Places(source, written_in(node, self.text), self.text).at(offset)
        )


def check_plan(steps: tuple[Step, ...], read: list[Fields], problems: Problems) -> None:
    """Note every problem that takes more than one key to see."""
    seen: dict[str, int] = {}
    furthest: Step | None = None
    for step, fields in zip(steps, read, strict=True):
        if "id" in fields.values:
            if step.id in seen:
                problems.add(*fields.place("id"), f"`{step.id}` is already the id of the step at line {seen[step.id]}")
            seen.setdefault(step.id, step.line)
        if "phase" in fields.values:
            furthest = _check_phase(step, furthest, fields, problems)
        _check_action(step, fields, problems)
        _check_no_sql(fields, problems)
        _check_rollback(step, fields, problems)
        queries = zip(step.verify, step.verify_statements, items(fields.nodes.get("verify")), strict=False)
        for query, statements, node in queries:
            _check_query(statements, PlacedText(query, node, problems), "verify")


def _check_phase(step: Step, furthest: Step | None, fields: Fields, problems: Problems) -> Step:
    if furthest is None or PHASES.index(step.phase) >= PHASES.index(furthest.phase):
        return step
    problems.add(
        *fields.place("phase"),
        f"step `{step.id}` is {step.phase}, but step `{furthest.id}` before it (line {furthest.line}) is "
        f"{furthest.phase} already: the phases go only forward",
    )
    return furthest


def _check_action(step: Step, fields: Fields, problems: Problems) -> None:
    match step.action:
        case SqlAction(sql=sql, file=file) as text:
            _check_sql(text, PlacedText(sql, fields.nodes["sql_file" if file else "sql"], problems, file))
            _check_transaction(text, fields, problems)
        case CheckAction(query=query) as check:
            _check_query(check.asked, PlacedText(query, fields.nodes["check"], problems), "check")
        case BackfillAction() as backfill:
            _check_batches(fields.values["backfill"], ("set",), (backfill.table,), problems)
            _check_key(backfill, fields.values["backfill"], problems)
        case CopyAction() as copy:
            _check_batches(fields.values["copy"], ("columns", "valid"), (copy.source, copy.into), problems)
        case CompareAction() as compare:
            _check_batches(fields.values["compare"], ("columns",), (compare.source, compare.into), problems)
        case ManualAction() | WaitAction():
            pass
        case _ as never:
            assert_never(never)


def _check_no_sql(fields: Fields, problems: Problems) -> None:
    if "transaction" in fields.values and not {"sql", "sql_file"} & fields.nodes.keys():
        problems.add(*fields.place("transaction"), "`transaction` belongs to `sql` or `sql_file`")


def _check_rollback(step: Step, fields: Fields, problems: Problems) -> None:
    if not isinstance(step.rollback, SqlRollback):
        return
    text, file, value = step.rollback, step.rollback.file, fields.values["rollback"]
    nodes = value.nodes if isinstance(value, Fields) else {"sql": fields.nodes["rollback"]}
    _check_sql(text, PlacedText(text.sql, nodes["sql_file" if file else "sql"], problems, file))
    if isinstance(value, Fields):
        _check_transaction(text, value, problems)


def _check_transaction(text: Sql, fields: Fields, problems: Problems) -> None:
    if not text.transaction and text.runs_together:
        problems.add(
            *fields.place("transaction"),
            "`transaction: off` is for CALL and DO, which may commit as they go; there is none",
        )


def _check_sql(text: Sql, placed: PlacedText) -> None:
    """The runner owns transactions, and psql's commands are not SQL."""
    if (offset := has_open_end(placed.text)) is not None:
        placed.problem("a string, a quoted name or a comment that begins here never ends", offset)
        return
    if not text.statements:
        placed.problem("there is no statement in this SQL")
    if "\\" in placed.text:
        _check_backslashes(placed)
    for statement in text.statements:
        _check_statement(statement, placed)


def _check_statement(statement: Statement, placed: PlacedText) -> None:
    if is_transaction_control(statement):
        first = statement.text.split("\n", maxsplit=1)[0][:60]
        placed.problem(f"`{first}`: zdtui opens and ends the transactions itself; leave it out", statement.offset)
    elif statement.kind == "COPY" and any(token.upper in ("STDIN", "STDOUT") for token in tokens(statement.text)):
        placed.problem("COPY from or to the client needs psql; use INSERT, or a file on the server", statement.offset)


def _check_backslashes(placed: PlacedText) -> None:
    """Outside of strings a backslash means nothing to the server; what follows the first one is left alone."""
    for token in tokens(placed.text):
        if token.kind is TokenKind.SYMBOL and token.text == "\\":
            command = placed.text[token.start :].split("\n", maxsplit=1)[0][:60]
            placed.problem(f"`{command}` is a command of psql, not SQL", token.start)
            return


def _check_query(statements: tuple[Statement, ...], placed: PlacedText, what: str) -> None:
    if (offset := has_open_end(placed.text)) is not None:
        placed.problem(f"a string, a quoted name or a comment that begins here in this {what} never ends", offset)
        return
    if len(statements) != 1:
        offset = statements[1].offset if statements else 0
        placed.problem(f"a {what} is one query; this is {counted(len(statements), 'statement')}", offset)
    elif statements[0].statement_class is not StatementClass.QUERY:
        placed.problem(f"a {what} is a query that changes nothing; this is {statements[0].kind}")
    elif statements[0].kind in NO_ANSWER:
        placed.problem(f"a {what} answers true or false; {statements[0].kind} does not")


def _check_batches(fields: Fields, pairs: tuple[str, ...], tables: tuple[str, ...], problems: Problems) -> None:
    """Certain mistakes only; what an expression means is for the server to say."""
    nodes = [fields.nodes[name] for name in ("where",) if name in fields.values]
    for name in pairs:
        node = fields.nodes.get(name) if name in fields.values else None
        nodes.extend(value for _, value in node.value) if isinstance(node, MappingNode) else None
    for node in nodes:
        mistake = certain_mistake(node.value) if isinstance(node, ScalarNode) else None
        if mistake and isinstance(node, ScalarNode):
            PlacedText(node.value, node, problems).problem(mistake.sentence, mistake.offset)
    if fields.get("workers", 1) > MOST_WORKERS:
        problems.add(*fields.place("workers"), f"`workers`: at most {MOST_WORKERS}; each is a session of the server")
    for key in ("table", "from", "into"):
        name = fields.get(key)
        if name is not None and read_name(name) is None:
            problems.add(*fields.place(key), f"`{key}`: `{name[:60]}` is not the name of a table")


def _check_key(action: BackfillAction, fields: Fields, problems: Problems) -> None:
    keys = {identifier_parts(column) for column in action.key}
    node = fields.nodes.get("set")
    for column, _ in node.value if isinstance(node, MappingNode) else ():
        if isinstance(column, ScalarNode) and identifier_parts(column.value) in keys:
            problems.add(*place(column), f"`{column.value[:60]}` is the key the rows are walked by; it cannot be set")
