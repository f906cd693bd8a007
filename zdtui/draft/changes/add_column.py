"""ADD COLUMN: instant by itself; its default, its constraints and NOT NULL come after it, beside the traffic."""

from postgast import pg_query_pb2 as pg

from zdtui.draft.changes import not_null
from zdtui.draft.drafted import (
    ONLY_LOOKS,
    Asked,
    Drafted,
    DraftError,
    backfill,
    deploy,
    sql,
    step,
)
from zdtui.draft.sync import one_way
from zdtui.draft.tree import alone, changed, qualified
from zdtui.plan.model import CheckAction, NoRollback, Phase, Step
from zdtui.sql.operation import Column, ConstraintKind
from zdtui.sql.text.quote import quote_identifier
from zdtui.sql.volatility import Volatility, volatility

VIRTUAL_SINCE = 18


def draft(asked: Asked) -> Drafted:
    """The plan of ALTER TABLE ... ADD COLUMN."""
    column = asked.operation.definition
    if column is None:
        raise DraftError(f"`{asked.shown}` cannot be read as a column")
    _possible(asked, column)
    if column.generated is not None and (column.stored or asked.known.version < VIRTUAL_SINCE):
        return _kept_by_trigger(asked, column, column.generated)
    varies = column.default is not None and volatility(column.default) is Volatility.VOLATILE
    later = column.not_null and (column.default is None or varies)
    added = _added(asked, column, varies, later)
    steps: list[Step] = [added]
    comments: dict[tuple[str, str], str] = {}
    decisions: tuple[str, ...] = ()
    if varies:
        steps.append(_filled(asked, column, added))
    elif later:
        filled = not_null.is_filled(asked.table, column.name)
        steps += [_deployed(asked, column), filled]
        comments[filled.id, ""] = (
            "The rows that were there before need a value, which only you know: put a backfill before this step."
        )
        decisions = (f"Which value the rows of {asked.table} get that are there already.",)
    if later:
        steps += not_null.proof(asked.table, column.name, asked.known)
    return Drafted(title=f"{asked.table} has {column.name}", steps=tuple(steps), comments=comments, decisions=decisions)


def _kept_by_trigger(asked: Asked, column: Column, expression: str) -> Drafted:
    """A stored generated column, for which every server rewrites the table: a plain one that a trigger fills."""
    table, quoted = asked.table, quote_identifier(column.name)
    sync = one_way(table, column.name, {column.name: qualified(expression, "new")})
    differs = f"{quoted} IS DISTINCT FROM ({expression})"
    added = step(
        f"add-{column.name}",
        f"Add {column.name}",
        Phase.EXPAND,
        sql(f"ALTER TABLE {table} ADD COLUMN {quoted} {column.type}"),
        f"ALTER TABLE {table} DROP COLUMN {quoted}",
        notes="The catalog changes, no row is touched; the lock lasts for milliseconds.",
    )
    synced = step(
        f"sync-{column.name}",
        f"Compute {column.name} in each row that is written",
        Phase.DUAL_WRITE,
        sql(sync.create),
        sync.drop,
        notes="The trigger stays. What a statement writes to the column itself, it writes over.",
    )
    filled = step(
        f"fill-{column.name}",
        "Compute it in the old rows",
        Phase.BACKFILL,
        backfill(table, {quoted: f"({expression})"}, differs),
        NoRollback(reason=f"the column goes with the rollback of {added.id}"),
    )
    looked = step(
        f"no-drift-{column.name}",
        "Every row has it",
        Phase.VERIFY,
        CheckAction(query=f"SELECT NOT EXISTS (SELECT FROM {table} WHERE {differs})"),
        ONLY_LOOKS,
    )
    proofs = not_null.proof(table, column.name, asked.known) if column.not_null else ()
    virtual = "" if asked.known.version < VIRTUAL_SINCE else "; a VIRTUAL one is instant, and computed when it is read"
    return Drafted(
        title=f"{table} has {column.name}",
        steps=(added, synced, filled, looked, *proofs),
        comments={
            (added.id, ""): (
                "No server makes a stored generated column without rewriting the table under ACCESS EXCLUSIVE, nor"
                f"\nturns a plain one into one. This one is kept by a trigger{virtual}."
            )
        },
    )


def _possible(asked: Asked, column: Column) -> None:
    """What makes the server build or read something at once is asked for by itself."""
    if column.identity or (column.type or "").lower().endswith("serial"):
        raise DraftError(
            f"`{asked.shown}`: each row needs a number of its own, which rewrites the table. Ask for the column without"
            f" it, then for a sequence as its default: ADD COLUMN {column.name} bigint DEFAULT nextval('...')"
        )
    others = {each.kind for each in column.constraints} - {ConstraintKind.NOT_NULL}
    if others:
        named = ", ".join(sorted(others))
        raise DraftError(
            f"`{asked.shown}`: ask for the column alone, and for its {named} in a statement of its own after it"
        )


def _added(asked: Asked, column: Column, varies: bool, later: bool) -> Step:
    table, quoted = asked.table, quote_identifier(column.name)
    leave = alone(asked)

    def bare(node: pg.Node) -> None:
        definition: pg.Node = getattr(leave(node), "def")
        left_out = {pg.CONSTR_DEFAULT} if varies else set()
        left_out |= {pg.CONSTR_NOTNULL} if later else set()
        kept = [each for each in definition.column_def.constraints if each.constraint.contype not in left_out]
        copies = []
        for each in kept:
            copy = pg.Node()
            copy.CopyFrom(each)
            copies.append(copy)
        del definition.column_def.constraints[:]
        definition.column_def.constraints.extend(copies)

    default = (f"ALTER TABLE {table} ALTER COLUMN {quoted} SET DEFAULT {column.default}",) if varies else ()
    notes = "The catalog changes, no row is touched; the lock lasts for milliseconds."
    if varies:
        notes += " The default holds for new rows at once, and the old ones are filled below."
    return step(
        f"add-{column.name}",
        f"Add {column.name}",
        Phase.EXPAND,
        sql(changed(asked, bare), *default),
        f"ALTER TABLE {table} DROP COLUMN {quoted}",
        notes=notes,
    )


def _filled(asked: Asked, column: Column, added: Step) -> Step:
    quoted = quote_identifier(column.name)
    return step(
        f"fill-{column.name}",
        "Give the old rows a value",
        Phase.BACKFILL,
        backfill(asked.table, {quoted: column.default or ""}, f"{quoted} IS NULL"),
        NoRollback(reason=f"the column goes with the rollback of {added.id}"),
        notes="" if column.not_null else "A row whose NULL was written on purpose meanwhile gets a value too.",
    )


def _deployed(asked: Asked, column: Column) -> Step:
    return deploy(
        f"deploy-{column.name}",
        f"Deploy the application that always writes {column.name}",
        Phase.DUAL_WRITE,
        f"Deploy the release that writes {asked.table}.{column.name} in every new row, and wait until every instance"
        " runs it.",
        "the former release works with the column there",
    )
