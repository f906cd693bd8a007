"""VACUUM FULL and CLUSTER: the table is written anew beside the traffic, where the server or an extension can."""

from zdtui.draft.drafted import ONLY_LOOKS, Asked, Drafted, DraftError, columns_of, regclass, sql, step
from zdtui.plan.model import CheckAction, ManualAction, NoRollback, Phase, Step
from zdtui.sql.operation import Role
from zdtui.sql.text.name import Name
from zdtui.sql.text.quote import quote_identifier

REPACK_SINCE = 19
"""REPACK (CONCURRENTLY): https://www.postgresql.org/docs/19/sql-repack.html."""
SAME_ROWS = NoRollback(reason="the rows are the same, in another order on disk")


def draft(asked: Asked) -> Drafted:
    """The plan of VACUUM FULL or CLUSTER of one table."""
    table, operation = asked.operation.relation, asked.operation
    if table is None or operation.mentioned(Role.ALSO):
        raise DraftError(f"`{asked.shown}`: ask for one table at a time")
    index = next(iter(operation.mentioned(Role.INDEX)), None)
    title = f"{table} is written anew"
    if asked.known.version >= REPACK_SINCE:
        return Drafted(title=title, steps=(_by_server(table, index),))
    if "pg_repack" in (asked.known.extensions or ()):
        return Drafted(title=title, steps=_by_extension(asked, table, index))
    where = "is not installed" if asked.known.extensions is not None else "may be installed: give --dsn"
    raise DraftError(
        f"`{asked.shown}`: PostgreSQL {asked.known.version} keeps everybody out of {table} until it is written anew;"
        f" from {REPACK_SINCE} on REPACK (CONCURRENTLY) does not, and pg_repack {where}. Decide whether a plain VACUUM,"
        " which frees the space for new rows, is enough, or whether the extension is installed"
    )


def _by_server(table: Name, index: Name | None) -> Step:
    using = "" if index is None else f" USING INDEX {quote_identifier(index.name)}"
    return step(
        f"repack-{table.name}",
        f"Write {table} anew beside the traffic",
        Phase.EXPAND,
        sql(f"REPACK (CONCURRENTLY) {table}{using}"),
        SAME_ROWS,
        notes=(
            "Reads and writes go on; ACCESS EXCLUSIVE only for the moment of the exchange. It needs as much disk as the"
            " table and its indexes, a primary key or another replica identity, and a replication slot meanwhile."
        ),
    )


def _by_extension(asked: Asked, table: Name, index: Name | None) -> tuple[Step, ...]:
    relation = asked.known.relation(index)
    columns = "" if relation is None else columns_of(relation.indexed)
    if index is not None and not columns:
        raise DraftError(f"`{asked.shown}`: the columns of {index} are not known here: give --dsn")
    order = f'--order-by "{columns}"' if index is not None else "--no-order"
    name = asked.known.schema.resolve(table)
    return (
        step(
            f"{table.name}-has-a-key",
            f"{table} has a primary key or a unique index of columns that are NOT NULL",
            Phase.EXPAND,
            CheckAction(
                query="SELECT EXISTS (\n  SELECT FROM pg_index AS i\n"
                f"   WHERE i.indrelid = {regclass(name)} AND i.indisunique"
                " AND i.indisvalid AND i.indpred IS NULL AND i.indexprs IS NULL\n"
                "     AND NOT EXISTS (SELECT FROM pg_attribute AS a WHERE a.attrelid = i.indrelid\n"
                "                        AND a.attnum = ANY (i.indkey) AND NOT a.attnotnull))"
            ),
            ONLY_LOOKS,
            notes="pg_repack follows the rows by it.",
        ),
        step(
            f"repack-{table.name}",
            f"Write {table} anew with pg_repack",
            Phase.EXPAND,
            ManualAction(
                instructions=(
                    f"Run on a machine that reaches the server:\n  pg_repack --table {name} {order} --no-kill-backend"
                    " --wait-timeout 60 DATABASE\n"
                    "It needs as much free disk as the table and its indexes. For the exchange it takes ACCESS"
                    " EXCLUSIVE for a moment, and waits for long transactions; --no-kill-backend has it give up"
                    " instead of ending them."
                )
            ),
            SAME_ROWS,
        ),
    )
