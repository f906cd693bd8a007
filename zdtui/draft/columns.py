"""What has to be known of a column before another can take its place. Pure."""

from collections.abc import Collection

from zdtui.draft.definitions import mentioned_in_index
from zdtui.draft.drafted import Asked, DraftError
from zdtui.draft.known import Dependent, Known
from zdtui.sql.schema.relations import Hang, KnownColumn
from zdtui.sql.text.name import Name


def known_column(asked: Asked) -> KnownColumn:
    """The column with its type. DraftError when it is not known, or the server fills it itself."""
    column = column_with_type(asked)
    if (asked.known.schema.resolve(asked.table), asked.column) in asked.known.generated:
        raise DraftError(
            f"`{asked.shown}`: the server itself fills {asked.column} (identity or generated). Decide whether a view"
            " that has both names does for the application"
        )
    return column


def column_with_type(asked: Asked) -> KnownColumn:
    """The column with its type. DraftError when it is not known."""
    column = asked.known.column(asked.table, asked.column)
    if column is None or not column.type:
        raise DraftError(
            f"`{asked.shown}`: the type of {asked.table}.{asked.column} is not known here: give --dsn or --schema"
        )
    return column


def nothing_else_on_it(asked: Asked) -> None:
    """What hangs on the old column would not follow to the new one. DraftError where something does."""
    if on_it := what_hangs_on(asked.known, asked.table, asked.column):
        raise DraftError(
            f"`{asked.shown}`: {', '.join(on_it)} would stay with the old column. Decide whether a view that has both"
            " names does for the application; else draft each of them for the new column first"
        )


def what_hangs_on(
    known: Known, table: Name, column: str, but: Collection[tuple[Name, str]] = frozenset()
) -> tuple[str, ...]:
    """What goes or stays with the column, so far as that is known, in words; `but` what the plan takes along."""
    return tuple(each.said for each in hanging(known, known.schema.resolve(table), column) if each.thing not in but)


def hanging(known: Known, table: Name, column: str) -> tuple[Dependent, ...]:
    """The index, the constraint, the view and whatever else hangs on a column of the table of that resolved name."""
    if known.dependents is not None:
        return known.dependents.get((table, column), ())
    return (
        *(
            Dependent(f"the index {each.name.name}", (each.name, ""))
            for each in known.indexes(table)
            if column in (*each.indexed, *mentioned_in_index(known.index_definitions.get(each.name)))
        ),
        *(
            Dependent(f"the constraint {each.name}", (table, each.name))
            for each in known.schema.checks.on(table)
            if column in each.columns and not each.not_null_only
        ),
        *(
            Dependent(f"the foreign key {each.name}", (each.table, each.name))
            for each in known.schema.foreign_keys.on(table)
            if (each.table == table and column in each.columns)
            or (
                each.references == table
                and column in referenced_columns(known, each.references, each.referenced_columns)
            )
        ),
        *(
            Dependent(f"the view {each.name}")
            for each in known.schema.relations.hanging(Hang.READS, table)
            if (table, column) in each.reads_columns or not each.reads_columns
        ),
        *(Dependent(what) for what, bound, name in sorted(known.schema.bound) if (bound, name) == (table, column)),
    )


def referenced_columns(known: Known, table: Name, named: tuple[str, ...]) -> tuple[str, ...]:
    """The columns a foreign key points at: those it names, else the primary key."""
    if named:
        return named
    return next((each.indexed for each in known.indexes(table) if each.primary), ())


def who_may_use(known: Known, table: Name, column: str) -> tuple[str, ...]:
    """What a person has to look at, because no catalog tells whether a trigger's function uses the column."""
    functions = (known.trigger_functions or {}).get(known.schema.resolve(table), ())
    if not functions:
        return ()
    named = ", ".join(name for name, _ in functions)
    return (f"Whether {named} uses {table}.{column}: a trigger of the table runs it.",)
