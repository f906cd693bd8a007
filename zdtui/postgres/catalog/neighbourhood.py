"""The part of the catalog that a few statements can lock anything in: what they name, and what hangs on that.

Reading all of it takes seconds where there are thousands of tables. What is predicted from this part is what is
predicted from the whole: `tests/integration/run/test_lock_set.py` compares the two, statement by statement.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from psycopg.rows import dict_row

from zdtui.postgres.ask import Connection
from zdtui.postgres.catalog import BY_INDEX, KINDS, Row, read_part
from zdtui.postgres.encoding import sql_bytes
from zdtui.postgres.sessions.authors import OUR_PATH_AGAIN, authors_path
from zdtui.postgres.sql_text import array_literal, sql_text, with_literals
from zdtui.sql.schema.relations import ForeignKey, Relation, Schema
from zdtui.sql.text.name import Name

PATH = "zdtui.authors_schemas"
"""A setting of ours, for one transaction: the schemas of the author's path that are there."""
TELL_PATH = (
    "SELECT pg_catalog.current_schemas(false)::pg_catalog.text[] AS schemas,"
    f" pg_catalog.set_config('{PATH}', pg_catalog.current_schemas(false)::pg_catalog.text, true)"
)
HERE = f"pg_catalog.current_setting('{PATH}')"


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """What statements name, as far as it decides which relations they can reach."""

    identifiers: frozenset[str]
    """Every identifier in them, keywords too."""
    objects: frozenset[str] = frozenset()
    """Those of statements about what is no relation: a type, a schema, a publication."""
    drops_cascade: bool = False
    """Something is dropped with CASCADE."""
    truncates_cascade: bool = False
    """Something is truncated with CASCADE."""
    by_relations: bool = False
    """Relations, their kin and their foreign keys alone decide what is locked: nothing is said to CASCADE, no type is
    dropped, no trigger may be missing."""


@dataclass(frozen=True, slots=True)
class Place:
    """A relation as the catalog has it."""

    name: Name
    lockable: bool
    """LOCK TABLE takes it, and this role may."""


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """What was read."""

    schema: Schema
    """What is not in it, the statements cannot lock."""
    places: Mapping[int, Place]
    """By oid, what the schema holds."""


async def read_neighbourhood(connection: Connection, named: Named) -> Neighbourhood:
    """What these can reach, in one journey to the server, or in two where it is not by relations alone.

    Raises psycopg.Error.
    """
    if named.by_relations:
        path, rows = await _asked(connection, "relatives", {"1": array_literal(sorted(named.identifiers)), "2": HERE})
        return relatives(rows, path)
    literals = {
        "1": array_literal(sorted(named.identifiers)),
        "2": array_literal(sorted(named.objects)),
        "3": str(named.drops_cascade),
        "4": str(named.truncates_cascade),
        "5": HERE,
    }
    path, rows = await _asked(connection, "neighbourhood", literals)
    places = _places(rows)
    return Neighbourhood(await read_part(connection, places, named.identifiers, path), places)


async def read_dependents(connection: Connection, names: frozenset[str]) -> dict[int, Place]:
    """By oid, every relation that depends on an object of one of these names, whatever it is. Raises psycopg.Error."""
    _, rows = await _asked(connection, "dependents", {"1": array_literal(sorted(names)), "2": HERE})
    return _places(rows)


def _places(rows: Iterable[Row]) -> dict[int, Place]:
    return {row["oid"]: Place(Name(row["schema"], row["name"]), row["lockable"]) for row in rows}


async def _asked(
    connection: Connection, question: str, literals: Mapping[str, str]
) -> tuple[tuple[str, ...], list[Row]]:
    """The author's schemas that are there, and the rows of the question."""
    before = (authors_path(connection), TELL_PATH, OUR_PATH_AGAIN, *BY_INDEX)
    text = "; ".join((*before, with_literals(sql_text(__package__, question), literals)))
    async with connection.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(sql_bytes(text))
        cursor.nextset()
        (path,) = await cursor.fetchall()
        for _ in before[1:]:
            cursor.nextset()
        return tuple(path["schemas"]) or ("public",), await cursor.fetchall()


def relatives(rows: Iterable[Row], path: tuple[str, ...]) -> Neighbourhood:
    """Rows of relatives.sql as a schema: relations and foreign keys. Nothing of columns, which decide no lock here."""
    rows = tuple(rows)
    found = [row for row in rows if row["what"] == "relation"]
    names = {row["oid"]: Name(row["schema"], row["name"]) for row in found}
    schema = Schema(complete=True, search_path=path)
    schema.put(_relation(row, names) for row in found)
    for row in rows:
        if row["what"] == "key" and row["belongs_to"] in names and row["parents"][0] in names:
            schema.foreign_keys.append(_key(row, names))
    return Neighbourhood(schema, {row["oid"]: Place(names[row["oid"]], row["lockable"]) for row in found})


def _relation(row: Row, names: Mapping[int, Name]) -> Relation:
    return Relation(
        name=names[row["oid"]],
        oid=row["oid"],
        kind=KINDS[row["kind"]],
        table=names.get(row["belongs_to"]),
        parents=tuple(names[each] for each in row["parents"] if each in names),
        is_partition=row["is_partition"],
        is_default=row["default_of"] is not None,
    )


def _key(row: Row, names: Mapping[int, Name]) -> ForeignKey:
    return ForeignKey(
        name=row["name"],
        table=names[row["belongs_to"]],
        columns=tuple(row["columns"]),
        references=names[row["parents"][0]],
        referenced_columns=tuple(row["referenced_columns"]),
        validated=row["validated"],
        inherited=row["inherited"],
    )
