"""What has to be known of a column before another can take its place. Pure."""

from zdtui.draft.drafted import Asked, DraftError
from zdtui.draft.known import Known
from zdtui.sql.schema.relations import Hang, KnownColumn
from zdtui.sql.text.name import Name


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
    """What hangs on the old column would not follow to the new one. DraftError where something does."""
    if on_it := what_hangs_on(asked.known, asked.table, asked.column):
        raise DraftError(
            f"`{asked.shown}`: {', '.join(on_it)} would stay with the old column. Decide whether a view that has both"
            " names does for the application; else draft each of them for the new column first"
        )


def what_hangs_on(known: Known, table: Name, column: str) -> tuple[str, ...]:
    """The index, the view and whatever else goes or stays with the column, so far as that is known."""
    table = known.schema.resolve(table)
    if known.dependents is not None:
        return known.dependents.get((table, column), ())
    return (
        *(f"the index {each.name.name}" for each in known.indexes(table) if column in each.indexed),
        *(
            f"the constraint {each.name}"
            for each in known.schema.checks.on(table)
            if column in each.columns and not each.not_null_only
        ),
        *(
            f"the foreign key {each.name}"
            for each in known.schema.foreign_keys.on(table)
            if (each.table == table and column in each.columns)
            or (each.references == table and column in each.referenced_columns)
        ),
        *(
            f"the view {each.name}"
            for each in known.schema.relations.hanging(Hang.READS, table)
            if (table, column) in each.reads_columns or not each.reads_columns
        ),
    )


def who_may_use(known: Known, table: Name, column: str) -> tuple[str, ...]:
    """What a person has to look at, because no catalog tells whether a trigger's function uses the column."""
    functions = (known.trigger_functions or {}).get(known.schema.resolve(table), ())
    if not functions:
        return ()
    named = ", ".join(name for name, _ in functions)
    return (f"Whether {named} uses {table}.{column}: a trigger of the table runs it.",)
