"""ALTER TYPE of an enum: a value is added, renamed or given up. No server takes a value away again."""

from postgast import pg_query_pb2 as pg

from zdtui.draft.drafted import (
    ONLY_LOOKS,
    Asked,
    Drafted,
    DraftError,
    backfill,
    beside,
    deploy,
    literal,
    slug,
    sql,
    step,
)
from zdtui.draft.forms import DropValue, form_of
from zdtui.draft.tree import changed
from zdtui.plan.model import CheckAction, NoRollback, Phase, Step
from zdtui.sql.schema.relations import TABLES
from zdtui.sql.text.name import Name
from zdtui.sql.text.quote import quote_identifier

STAYS = NoRollback(reason="no server takes a value away again; one that nobody uses harms nobody")


def draft_add(asked: Asked) -> Drafted:
    """The plan of ALTER TYPE ... ADD VALUE."""
    type_, value = _type(asked), asked.operation.new_name or ""
    name = slug(f"{type_.name}-{value}")
    return Drafted(
        title=f"{type_} has the value {value}",
        steps=(
            step(
                f"add-{name}",
                f"Add {value} to {type_}",
                Phase.EXPAND,
                sql(changed(asked, _if_not_there)),
                STAYS,
                notes="One row of the catalog: no table is touched.",
            ),
            deploy(
                f"deploy-{name}",
                f"Deploy the application that reads {value}, and only then the one that writes it",
                Phase.SWITCH,
                f"Deploy the release that can read {literal(value)} and wait until every instance runs it. Then let it"
                " be written.",
                "rows that have the value already are an error to a release that does not know it",
            ),
        ),
    )


def draft_rename(asked: Asked) -> Drafted:
    """The plan of ALTER TYPE ... RENAME VALUE: a second value, so that releases of both kinds find theirs."""
    type_, old, new = _type(asked), asked.operation.column or "", asked.operation.new_name or ""
    places = _places(asked, type_)
    name = slug(f"{type_.name}-{new}")
    added = step(
        f"add-{name}",
        f"Add {new} beside {old}",
        Phase.EXPAND,
        sql(f"ALTER TYPE {type_} ADD VALUE IF NOT EXISTS {literal(new)} AFTER {literal(old)}"),
        STAYS,
        notes="One row of the catalog: no table is touched.",
    )
    return Drafted(
        title=f"{type_}: {old} is called {new}",
        steps=(
            added,
            deploy(
                f"deploy-{name}",
                f"Deploy the application that reads both and writes {new}",
                Phase.DUAL_WRITE,
                f"Deploy the release that takes {literal(old)} and {literal(new)} for the same, and wait until every"
                f" instance runs it. Only then a release that writes {literal(new)}; wait for that too.",
                "the release that reads both can come back at any time",
            ),
            *(each for place in places for each in _filled(asked, place, old, new)),
            *_forbidden(places, old),
        ),
        comments={
            (added.id, ""): (
                f"ALTER TYPE {type_} RENAME VALUE itself is one row of the catalog, and undone as fast.\n"
                f"Every release that names {literal(old)} fails from then on: it will do where none does."
            )
        },
        decisions=_decisions(places, type_, old),
    )


def draft_drop(asked: Asked) -> Drafted:
    """The plan of ALTER TYPE ... DROP VALUE, which no server has: no row may hold the value any more."""
    form = form_of(asked, DropValue)
    type_, value = form.type, form.value
    places = _places(asked, type_)
    name = slug(f"{type_.name}-{value}")
    forbidden = _forbidden(places, value)
    column = places[0][1]
    comment = (
        "The rows that hold it need another value, which only you know. Put it before this step:\n"
        f"  backfill: {{table: {places[0][0]}, set: {{{quote_identifier(column)}: \"'another'\"}},"
        f" where: {quote_identifier(column)} = {literal(value)}}}"
    )
    return Drafted(
        title=f"{type_} without {value}",
        steps=(
            deploy(
                f"deploy-without-{name}",
                f"Deploy the application that never writes {value}",
                Phase.DUAL_WRITE,
                f"Deploy the release that never writes {literal(value)}, and wait until every instance runs it.",
                "the former release works as before, until the value is forbidden",
            ),
            *forbidden,
        ),
        comments={(forbidden[0].id, ""): comment},
        decisions=(
            f"Which value rows get that hold {literal(value)}, if there are any.",
            *_decisions(places, type_, value),
        ),
    )


def _if_not_there(node: pg.Node) -> None:
    """After a way back the value is still there, and going forward again adds nothing."""
    node.alter_enum_stmt.skip_if_new_val_exists = True


def _type(asked: Asked) -> Name:
    if asked.operation.object is None:
        raise DraftError(f"`{asked.shown}` names no type")
    return asked.operation.object


def _places(asked: Asked, type_: Name) -> list[tuple[Name, str]]:
    """The columns of the type. DraftError where they are not known, or one is an array of it."""
    found = []
    for relation in asked.known.schema.relations.values():
        if relation.kind not in TABLES or relation.is_partition:
            continue
        for column in relation.columns:
            if _is_of(column.type.removesuffix("[]"), type_):
                if column.type.endswith("[]"):
                    raise DraftError(
                        f"`{asked.shown}`: {relation.name}.{column.name} is an array of {type_}. Decide what its rows"
                        " get, and change them by a plan of its own first"
                    )
                found.append((asked.written(relation.name), column.name))
    if not found:
        raise DraftError(
            f"`{asked.shown}`: which columns are of the type {type_} is not known here: give --dsn or --schema"
            if not asked.known.where_from
            else f"`{asked.shown}`: no column is of the type {type_}: is it the right one?"
        )
    return found


def _is_of(written: str, type_: Name) -> bool:
    bare = written.replace('"', "")
    return bare == type_.name or bare == f"{type_.schema or 'public'}.{type_.name}"


def _filled(asked: Asked, place: tuple[Name, str], old: str, new: str) -> list[Step]:
    table, column = place
    quoted, name = quote_identifier(column), slug(f"{table.name}-{column}")
    default = asked.known.default(table, column)
    steps = []
    if default is not None and default.startswith(literal(old)):
        steps.append(
            step(
                f"default-{name}",
                f"{new} becomes the default of {table}.{column}",
                Phase.DUAL_WRITE,
                sql(f"ALTER TABLE {table} ALTER COLUMN {quoted} SET DEFAULT {literal(new)}"),
                f"ALTER TABLE {table} ALTER COLUMN {quoted} SET DEFAULT {default}",
            )
        )
    steps.append(
        step(
            f"fill-{name}",
            f"{old} becomes {new} in {table}",
            Phase.BACKFILL,
            backfill(table, {quoted: literal(new)}, f"{quoted} = {literal(old)}"),
            NoRollback(reason="every release that runs takes both for the same"),
        )
    )
    return steps


def _forbidden(places: list[tuple[Name, str]], value: str) -> list[Step]:
    """No row holds the value, and none will."""
    steps = []
    for table, column in places:
        quoted, name = quote_identifier(column), slug(f"{table.name}-{column}-{value}")
        constraint = quote_identifier(beside(table, column, "not", value).name)
        promised = step(
            f"{name}-forbidden",
            f"No new row of {table} holds {value}",
            Phase.VERIFY,
            sql(f"ALTER TABLE {table} ADD CONSTRAINT {constraint} CHECK ({quoted} <> {literal(value)}) NOT VALID"),
            f"ALTER TABLE {table} DROP CONSTRAINT {constraint}",
            notes="NOT VALID looks at no row, so that the lock lasts for milliseconds. The value stays in the type.",
        )
        steps += [
            step(
                f"{name}-unused",
                f"No row of {table} holds {value}",
                Phase.VERIFY,
                CheckAction(query=f"SELECT NOT EXISTS (SELECT FROM {table} WHERE {quoted} = {literal(value)})"),
                ONLY_LOOKS,
            ),
            promised,
            step(
                f"{name}-proved",
                "Prove it for the old rows",
                Phase.VERIFY,
                sql(f"ALTER TABLE {table} VALIDATE CONSTRAINT {constraint}"),
                NoRollback(reason=f"the rollback of {promised.id} drops the constraint"),
                notes="Reads the whole table under SHARE UPDATE EXCLUSIVE: reads and writes go on.",
            ),
        ]
    return steps


def _decisions(places: list[tuple[Name, str]], type_: Name, value: str) -> tuple[str, ...]:
    named = ", ".join(f"{table}.{column}" for table, column in places)
    return (
        f"Whether {literal(value)} is used elsewhere than in {named}: in functions, domains and arguments of {type_}.",
    )
