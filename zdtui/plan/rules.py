"""What is wrong with a plan whose shape is right: order of phases, ids, SQL that the runner cannot take."""

from zdtui.plan.fields import Fields
from zdtui.plan.model import BackfillAction, CheckAction, CopyAction, Phase, SqlAction, SqlRollback, Step
from zdtui.plan.problems import Problems, printable
from zdtui.sql.classify import is_transaction_control
from zdtui.sql.quote import identifier_parts
from zdtui.sql.split import split
from zdtui.sql.statement import StatementClass
from zdtui.sql.tokens import TokenKind, has_open_end, tokens

PHASES = tuple(Phase)


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
        _check_rollback(step, fields, problems)
        for query in step.verify:
            _check_query(query, fields.place("verify"), "verify", problems)


def _check_phase(step: Step, furthest: Step | None, fields: Fields, problems: Problems) -> Step:
    if furthest is None or PHASES.index(step.phase) >= PHASES.index(furthest.phase):
        return step
    sentence = f"{step.phase} cannot follow {furthest.phase} of step `{furthest.id}`: the phases go only forward"
    problems.add(*fields.place("phase"), sentence)
    return furthest


def _check_action(step: Step, fields: Fields, problems: Problems) -> None:
    match step.action:
        case SqlAction(sql=sql, file=file):
            _check_sql(sql, fields.place("sql_file" if file else "sql"), problems)
        case CheckAction(query=query):
            _check_query(query, fields.place("check"), "check", problems)
        case BackfillAction() as backfill:
            _check_expressions(backfill.assignments, backfill.where, fields.place("backfill"), problems)
            _check_key(backfill, fields.place("backfill"), problems)
        case CopyAction() as copy:
            _check_expressions((*copy.columns, *copy.valid), copy.where, fields.place("copy"), problems)
        case _:
            pass


def _check_rollback(step: Step, fields: Fields, problems: Problems) -> None:
    if isinstance(step.rollback, SqlRollback):
        _check_sql(step.rollback.sql, fields.place("rollback"), problems)


def _check_sql(sql: str, at: tuple[int, int], problems: Problems) -> None:
    """The runner owns transactions, and psql's commands are not SQL."""
    if has_open_end(sql) is not None:
        problems.add(*at, "a string, a quoted name or a comment in this SQL never ends")
        return
    statements = split(sql)
    if not statements:
        problems.add(*at, "there is no statement in this SQL")
    for statement in statements:
        first = printable(statement.text.split("\n", maxsplit=1)[0])[:60]
        if is_transaction_control(statement):
            problems.add(*at, f"`{first}`: zdtui opens and ends the transactions itself; leave it out")
        elif statement.text.startswith("\\"):
            problems.add(*at, f"`{first}` is a command of psql, not SQL")


def _check_query(query: str, at: tuple[int, int], what: str, problems: Problems) -> None:
    if has_open_end(query) is not None:
        problems.add(*at, f"a string, a quoted name or a comment in this {what} never ends")
        return
    statements = split(query)
    if len(statements) != 1:
        problems.add(*at, f"a {what} is one query; this is {len(statements)} statements")
    elif statements[0].statement_class is not StatementClass.QUERY:
        problems.add(*at, f"a {what} is a query that changes nothing; this is {statements[0].kind}")


def _check_expressions(
    pairs: tuple[tuple[str, str], ...], where: str | None, at: tuple[int, int], problems: Problems
) -> None:
    """Certain mistakes only; what an expression means is for the server to say."""
    expressions = [*pairs, *([("where", where)] if where else [])]
    for name, expression in expressions:
        if has_open_end(expression) is not None or len(split(expression)) != 1 or "--" in expression:
            problems.add(*at, f"`{printable(name)[:60]}`: this is not one SQL expression")
        elif not _is_balanced(expression):
            problems.add(*at, f"`{printable(name)[:60]}`: the parentheses do not match")


def _is_balanced(expression: str) -> bool:
    depth = 0
    for token in tokens(expression):
        if token.kind is TokenKind.SYMBOL and token.text in "()":
            depth += 1 if token.text == "(" else -1
        if depth < 0:
            return False
    return depth == 0


def _check_key(action: BackfillAction, at: tuple[int, int], problems: Problems) -> None:
    keys = {identifier_parts(column) for column in action.key}
    for column, _ in action.assignments:
        if identifier_parts(column) in keys:
            problems.add(*at, f"`{printable(column)[:60]}` is the key the rows are walked by; it cannot be set")
