"""Plans: the order of things, rollbacks, backfills. These look at a step rather than at one statement."""

from collections.abc import Iterator
from functools import lru_cache

from zdtui.hazards.context import Context
from zdtui.hazards.hazard import Part, PlannedStep, Safer, Severity
from zdtui.hazards.order import order_of
from zdtui.hazards.rule import Example, Found, Rule
from zdtui.plan.model import Phase, Plan, Sql, SqlRollback, Step
from zdtui.sql.operation import Operation
from zdtui.sql.text.quote import identifier_parts
from zdtui.sql.text.tokens import TokenKind, tokens
from zdtui.sql.told import tells_done

USERS = "CREATE TABLE users (id int PRIMARY KEY, name text, first text); INSERT INTO users VALUES (1, 'a b', NULL)"
MAKES = {
    "CREATE TABLE": "table",
    "CREATE TABLE AS": "table",
    "CREATE VIEW": "view",
    "CREATE MATERIALIZED VIEW": "materialized view",
    "CREATE SEQUENCE": "sequence",
    "CREATE INDEX": "index",
    "CREATE INDEX CONCURRENTLY": "index",
    "CREATE TRIGGER": "trigger",
    "CREATE FUNCTION": "function",
    "CREATE PROCEDURE": "procedure",
    "CREATE TYPE": "type",
    "CREATE DOMAIN": "domain",
    "CREATE SCHEMA": "schema",
    "CREATE POLICY": "policy",
    "CREATE PUBLICATION": "publication",
    "ALTER TABLE ADD COLUMN": "column",
    "ALTER TABLE ADD CONSTRAINT": "constraint",
    "ALTER TABLE ADD CONSTRAINT USING INDEX": "constraint",
}
"""What makes something that a rollback has to take away, by kind."""
TAKES_AWAY = ("ALTER TABLE DROP COLUMN", "DROP TABLE", "DROP VIEW", "DROP MATERIALIZED VIEW")
LOSES = ("ALTER TABLE DROP COLUMN", "DROP TABLE", "TRUNCATE", "DELETE")


def _first_of_step(context: Context) -> bool:
    """Whether this is the statement a finding about the whole step stands beside."""
    return context.step is not None and context.forward and context.place.index == 0


def _takes_away(step: Step) -> bool:
    """Whether it is a contract step that drops what the application could still use."""
    return step.phase is Phase.CONTRACT and any(each.kind in TAKES_AWAY for each in _operations_of(step))


def _drop_without_soak(context: Context) -> Iterator[Found]:
    step, plan = context.step, context.plan
    if step is None or plan is None or not _first_of_step(context) or not _takes_away(step):
        return
    order, place = order_of(plan.steps), plan.index(step.id)
    if order.first_before_contract < place <= order.first_wait:
        yield Found(
            sentence="nothing waits between the switch and this step: what still uses the old shape is found out by "
            "failing",
            safer=Safer(
                sentence="put a wait step before contract, of a day or of your slowest release",
                steps=(
                    PlannedStep(
                        id="soak",
                        title="Let the new readers run",
                        phase=Phase.SWITCH,
                        yaml="wait: 24h\nrollback:\n  none: nothing was changed",
                    ),
                ),
            ),
        )


def _same_release(context: Context) -> Iterator[Found]:
    step, plan = context.step, context.plan
    if step is None or plan is None or not _first_of_step(context) or not _takes_away(step):
        return
    order, place = order_of(plan.steps), plan.index(step.id)
    if order.first_expanding_sql < place <= order.first_manual:
        yield Found(
            sentence="what expands and what contracts is in one plan with no deploy between them: no release ever "
            "ran that uses the new shape and still finds the old one",
            safer=Safer(
                sentence="put the deploys in as manual steps, so that somebody confirms them",
                steps=(
                    PlannedStep(
                        id="deploy-readers",
                        title="Deploy the release that uses the new shape",
                        phase=Phase.SWITCH,
                        yaml="manual: deploy it, and see that it serves traffic\n"
                        "rollback:\n  none: deploy the release before",
                    ),
                ),
            ),
        )


def _not_idempotent(context: Context) -> Iterator[Found]:
    step = context.step
    updates = None if step is None or not context.forward else step.action.updates
    if updates is None:
        return
    own = {identifier_parts(column)[-1] for column, _ in updates.assignments}
    for column, expression in updates.assignments:
        name = identifier_parts(column)[-1]
        if name in _names(expression) and not (updates.where and own & _names(updates.where)):
            yield Found(
                sentence=f"{column} is computed from itself: a row that is done twice, after a rollback or by a plan "
                "that is run again, gets another value",
                safer=Safer(
                    sentence="compute it from columns that the backfill does not change, or let `where` leave out "
                    "the rows that are done"
                ),
            )


def _not_told(context: Context) -> Iterator[Found]:
    step = context.step
    updates = None if step is None or not context.forward else step.action.updates
    if updates is not None and tells_done(updates.assignments, updates.where) is False:
        yield Found(
            sentence="nothing in `where` tells a row that is done from one that is not: each is walked once, and "
            "whether one was missed because it moved meanwhile cannot be proved at the end",
            safer=Safer(
                sentence="let `where` leave out the rows that are done: the column IS NULL, or IS DISTINCT FROM it"
            ),
        )


@lru_cache(maxsize=8)
def _names(expression: str) -> frozenset[str]:
    return frozenset(
        token.text.lower() if token.kind is TokenKind.WORD else token.text.strip('"')
        for token in tokens(expression)
        if token.kind in (TokenKind.WORD, TokenKind.QUOTED)
    )


def _loses_writes(context: Context) -> Iterator[Found]:
    step, plan = context.step, context.plan
    if step is None or plan is None or context.place.part is not Part.ROLLBACK:
        return
    if step.phase not in (Phase.SWITCH, Phase.CONTRACT) and not _written_since(plan, step):
        return
    made = _made_by(step)
    for each in context.operations:
        if each.kind not in LOSES or (step.phase is Phase.EXPAND and not _names_made(each) & made):
            continue
        yield Found(
            sentence=f"rows the application wrote to {each.relation} since this step ran are lost by its rollback",
            safer=Safer(
                sentence="say in the step's notes until when going back loses nothing, or carry the new rows back first"
            ),
        )


def _written_since(plan: Plan, step: Step) -> bool:
    """Whether a deploy stands between an expand step and the switch: code then writes to what is new."""
    order, place = order_of(plan.steps), plan.index(step.id)
    return bool(_made_by(step)) and order.last_manual_of_dual_write > place >= order.last_backfill


def _incomplete_rollback(context: Context) -> Iterator[Found]:
    step = context.step
    if step is None or not context.forward or not isinstance(step.rollback, SqlRollback):
        return
    said = _names(step.rollback.sql)
    for each in context.operations:
        what = MAKES.get(each.kind)
        missing = [name for name in _made(each) if name not in said]
        taken_along = each.relation is not None and each.kind != "CREATE TABLE" and _drops(step, each.relation.name)
        if what and missing and not taken_along:
            yield Found(
                sentence=f"the rollback does not mention {what} {missing[0]}, which this statement makes: going back "
                "leaves it",
                safer=Safer(sentence="let the rollback drop it", sql=_undo(each) or ""),
            )


def _made(operation: Operation) -> list[str]:
    """The names of what an operation makes."""
    if operation.kind not in MAKES:
        return []
    if operation.kind == "ALTER TABLE ADD COLUMN":
        return [operation.column] if operation.column else []
    if operation.constraint is not None:
        return [operation.constraint.name] if operation.constraint.name else []
    if operation.object is not None:
        return [operation.object.name]
    named = operation.relation is not None and not operation.kind.startswith(("CREATE INDEX", "CREATE TRIGGER"))
    return [operation.relation.name] if named and operation.relation is not None else []


def _names_made(operation: Operation) -> set[str]:
    names = {operation.column} if operation.column else set()
    return names | ({operation.relation.name} if operation.relation is not None else set())


def _operations_of(step: Step) -> Iterator[Operation]:
    """What the step's own statements do."""
    statements = step.action.statements
    return (each for statement in statements for each in statement.operations)


def _made_by(step: Step) -> frozenset[str]:
    own = step.action.author_sql
    return frozenset() if own is None else _made_in(own)


@lru_cache(maxsize=8)
def _made_in(text: Sql) -> frozenset[str]:
    """Kept, because it is asked for at each of the text's statements."""
    return frozenset(name for statement in text.statements for each in statement.operations for name in _made(each))


def _drops(step: Step, table: str) -> bool:
    """Whether the rollback drops the table that the new thing is on."""
    return isinstance(step.rollback, SqlRollback) and table in _tables_dropped_in(step.rollback)


@lru_cache(maxsize=8)
def _tables_dropped_in(text: Sql) -> frozenset[str]:
    does = (each for statement in text.statements for each in statement.operations)
    return frozenset(each.relation.name for each in does if each.kind == "DROP TABLE" and each.relation is not None)


def _undo(operation: Operation) -> str | None:
    match operation.kind:
        case "ALTER TABLE ADD COLUMN":
            return f"ALTER TABLE {operation.relation} DROP COLUMN IF EXISTS {operation.column};"
        case "CREATE INDEX" | "CREATE INDEX CONCURRENTLY":
            return f"DROP INDEX CONCURRENTLY IF EXISTS {operation.object};"
        case "CREATE TRIGGER":
            return f"DROP TRIGGER IF EXISTS {operation.object} ON {operation.relation};"
        case "ALTER TABLE ADD CONSTRAINT" | "ALTER TABLE ADD CONSTRAINT USING INDEX":
            name = operation.constraint.name if operation.constraint is not None else None
            return f"ALTER TABLE {operation.relation} DROP CONSTRAINT IF EXISTS {name};" if name else None
        case _:
            made = _made(operation)
            return f"DROP {MAKES[operation.kind].upper()} IF EXISTS {made[0]};" if made else None


def _steps(*steps: str) -> str:
    return "\n".join(steps)


EXPAND = """- id: add
  title: Add a column
  phase: expand
  sql: ALTER TABLE users ADD COLUMN more text
  rollback: ALTER TABLE users DROP COLUMN more"""
DEPLOY = """- id: deploy
  title: Deploy
  phase: switch
  manual: deploy the release that does not use name
  rollback: {none: deploy the release before}"""
SOAK = """- id: soak
  title: Let it run
  phase: switch
  wait: 1s
  rollback: {none: nothing was changed}"""
DROP = """- id: drop
  title: Drop the old column
  phase: contract
  sql: ALTER TABLE users DROP COLUMN name
  rollback: {irreversible: a restore}"""
RULES = (
    Rule(
        name="contract-without-soak",
        severity=Severity.WARN,
        title="Contract without a wait before it",
        why="What the application still needs of the old shape shows only while the new release runs under real "
        "traffic.",
        find=_drop_without_soak,
        example=Example(
            given=USERS, bad=_steps(EXPAND, DEPLOY, DROP), good=_steps(EXPAND, DEPLOY, SOAK, DROP), steps=True
        ),
    ),
    Rule(
        name="contract-in-same-release",
        severity=Severity.WARN,
        title="Expand and contract with no deploy between them",
        why="Expand and contract exist so that the old and the new release can run side by side. With no deploy "
        "between them one of the two never did.",
        find=_same_release,
        example=Example(
            given=USERS, bad=_steps(EXPAND, SOAK, DROP), good=_steps(EXPAND, DEPLOY, SOAK, DROP), steps=True
        ),
    ),
    Rule(
        name="backfill-not-idempotent",
        severity=Severity.WARN,
        title="A backfill whose result depends on how often it runs",
        why="Each row is done once by a run, but a rollback and a second run, or a trigger that did the row already, "
        "do it again.",
        find=_not_idempotent,
        example=Example(
            given=USERS,
            bad="- id: fill\n  title: Fill\n  phase: backfill\n  backfill: {table: users, set: {name: upper(name) || "
            "'!'}}\n"
            "  rollback: {none: nobody reads it yet}",
            good="- id: fill\n  title: Fill\n  phase: backfill\n"
            "  backfill: {table: users, set: {first: upper(name)}, where: first IS NULL}\n"
            "  rollback: {none: nobody reads it yet}",
            steps=True,
        ),
    ),
    Rule(
        name="backfill-not-provable",
        severity=Severity.NOTE,
        title="A backfill that cannot prove its end",
        why="Rows move while a table is walked: between partitions, by a changed key. A look at the whole table at the "
        "end finds those that were missed, but only where a row that is done can be told.",
        find=_not_told,
        example=Example(
            given=USERS,
            bad="- id: fill\n  title: Fill\n  phase: backfill\n"
            "  backfill: {table: users, set: {first: upper(name)}}\n"
            "  rollback: {none: nobody reads it yet}",
            good="- id: fill\n  title: Fill\n  phase: backfill\n"
            "  backfill: {table: users, set: {first: upper(name)}, where: first IS NULL}\n"
            "  rollback: {none: nobody reads it yet}",
            steps=True,
        ),
    ),
    Rule(
        name="rollback-loses-writes",
        severity=Severity.WARN,
        title="A rollback that loses what was written since",
        why="Once code writes to the new column or table, dropping it in a rollback throws that away.",
        find=_loses_writes,
        example=Example(
            given=USERS,
            bad="- id: switch\n  title: Switch\n  phase: switch\n  sql: CREATE TABLE people (id int PRIMARY KEY)\n"
            "  rollback: DROP TABLE people",
            good="- id: switch\n  title: Switch\n  phase: switch\n  sql: ALTER TABLE users ALTER COLUMN first SET "
            "DEFAULT 'a'\n"
            "  rollback: ALTER TABLE users ALTER COLUMN first DROP DEFAULT",
            steps=True,
        ),
    ),
    Rule(
        name="rollback-incomplete",
        severity=Severity.WARN,
        title="A rollback that leaves what the step made",
        why="Going back and forward again then fails, or goes on with what was left behind.",
        find=_incomplete_rollback,
        example=Example(
            given=USERS,
            bad="- id: add\n  title: Add\n  phase: expand\n  sql: ALTER TABLE users ADD COLUMN a int, ADD COLUMN b "
            "int\n"
            "  rollback: ALTER TABLE users DROP COLUMN a",
            good="- id: add\n  title: Add\n  phase: expand\n  sql: ALTER TABLE users ADD COLUMN a int, ADD COLUMN b "
            "int\n"
            "  rollback: ALTER TABLE users DROP COLUMN b, DROP COLUMN a",
            steps=True,
        ),
    ),
)
