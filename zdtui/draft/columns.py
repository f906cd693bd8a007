"""What has to be known of a column before another can take its place. Pure."""

from zdtui.draft.drafted import Asked, DraftError
from zdtui.sql.schema.relations import Hang, KnownColumn


def known_column(asked: Asked) -> KnownColumn:
    """The column with its type. DraftError when it is not known, or the server fills it itself."""
    column = asked.known.column(asked.table, asked.column)
    if column is None or not column.type:
        raise DraftError(
            f"`{asked.shown}`: the type of {asked.table}.{asked.column} is not known here: give --dsn or --schema"
        )
    if (asked.known.schema.resolve(asked.table), asked.column) in asked.known.generated:
        raise DraftError(
            f"`{asked.shown}`: the server itself fills {asked.column} (identity or generated). Decide whether a view"
            " that has both names does for the application"
        )
    return column


def nothing_else_on_it(asked: Asked) -> None:
    """What hangs on the old column would not follow to the new one."""
    known, table, column = asked.known, asked.known.schema.resolve(asked.table), asked.column
    on_it = [f"the index {each.name.name}" for each in known.indexes(table) if column in each.indexed]
    on_it += [
        f"the constraint {each.name}"
        for each in known.schema.checks.on(table)
        if column in each.columns and not each.not_null_only
    ]
    on_it += [
        f"the foreign key {each.name}"
        for each in known.schema.foreign_keys.on(table)
        if (each.table == table and column in each.columns)
        or (each.references == table and column in each.referenced_columns)
    ]
    on_it += [
        f"the view {each.name}"
        for each in known.schema.relations.hanging(Hang.READS, table)
        if (table, column) in each.reads_columns or not each.reads_columns
    ]
    if on_it:
        raise DraftError(
            f"`{asked.shown}`: {', '.join(on_it)} would stay with the old column. Decide whether a view that has both"
            " names does for the application; else draft each of them for the new column first"
        )
