"""What a server knows of its tables, read into the model that effects are predicted from."""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import Any

import psycopg
from psycopg.rows import dict_row

from zdtui.postgres.catalog.not_null import proved_not_null
from zdtui.postgres.encoding import sql_bytes
from zdtui.postgres.sessions.authors import as_written, authors_schemas
from zdtui.postgres.sql_text import array_literal, sql_text, with_literals
from zdtui.sql.schema.relations import Check, Domain, ForeignKey, KnownColumn, Relation, RelationKind, Schema
from zdtui.sql.schema.types import is_utc
from zdtui.sql.text.name import Name

KINDS = {
    "r": RelationKind.TABLE,
    "p": RelationKind.PARTITIONED,
    "f": RelationKind.FOREIGN,
    "i": RelationKind.INDEX,
    "I": RelationKind.PARTITIONED_INDEX,
    "v": RelationKind.VIEW,
    "m": RelationKind.MATERIALIZED_VIEW,
    "S": RelationKind.SEQUENCE,
}
Row = dict[str, Any]
NOTHING = {"1": "NULL", "2": "NULL"}
BY_INDEX = tuple(f"SET LOCAL {each} = off" for each in ("enable_hashjoin", "enable_mergejoin", "jit"))
"""For the rest of a transaction. A question about a few relations of many is answered by indexes: how few there will be
the planner cannot know."""
BINDS_COLUMNS = frozenset({"trigger", "publication", "policy"})
QUESTIONS = ("columns", "relations", "constraints", "others")


async def read_schema(connection: psycopg.AsyncConnection[Any]) -> Schema:
    """All that is known of the database, in five short questions that lock nothing. Raises psycopg.Error."""
    schema = _schema(await _ask_each(connection), connection)
    schema.search_path = await authors_schemas(connection) or ("public",)
    return schema


async def read_part(
    connection: psycopg.AsyncConnection[Any],
    relations: Collection[int],
    names: Collection[str],
    search_path: tuple[str, ...],
) -> Schema:
    """The same of these relations (oids), and of functions and domains so far as they are in them or among the names.

    In one message. Raises psycopg.Error.
    """
    schema = _schema(await _ask_of(connection, relations, names), connection)
    schema.search_path = search_path
    return schema


def _schema(answers: dict[str, list[Row]], connection: psycopg.AsyncConnection[Any]) -> Schema:
    columns: dict[Name, list[KnownColumn]] = {}
    for row in answers["columns"]:
        parts = ("column", "type", "not_null", "collation", "identity", "highest")
        known = KnownColumn(*(row[part] for part in parts))
        known = replace(known, type=as_written(connection, known.type))
        columns.setdefault(Name(row["schema"], row["name"]), []).append(known)
    schema = Schema(complete=True)
    schema.put(_relation(row, columns) for row in answers["relations"])
    for row in answers["constraints"]:
        _constraint(schema, row)
    _others(schema, answers["others"], connection)
    return schema


async def _ask_each(connection: psycopg.AsyncConnection[Any]) -> dict[str, list[Row]]:
    found = {}
    async with connection.cursor(row_factory=dict_row) as cursor:
        for name in QUESTIONS:
            await cursor.execute(_text(name, NOTHING))
            found[name] = await cursor.fetchall()
    return found


async def _ask_of(
    connection: psycopg.AsyncConnection[Any], only: Collection[int], names: Collection[str]
) -> dict[str, list[Row]]:
    wanted = {"1": array_literal(map(str, only)), "2": array_literal(names)}
    found = {}
    async with connection.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(b"\n;\n".join((*map(str.encode, BY_INDEX), *(_text(name, wanted) for name in QUESTIONS))))
        for _ in BY_INDEX:
            cursor.nextset()
        for name in QUESTIONS:
            found[name] = await cursor.fetchall()
            cursor.nextset()
    return found


def _text(name: str, only: Mapping[str, str]) -> bytes:
    return sql_bytes(with_literals(sql_text(__name__, name), only))


def _relation(row: Row, columns: dict[Name, list[KnownColumn]]) -> Relation:
    name = Name(row["schema"], row["name"])
    return Relation(
        name=name,
        oid=row["oid"],
        kind=KINDS[row["kind"]],
        columns=tuple(columns.get(name, ())),
        table=None if row["table_name"] is None else Name(row["table_schema"], row["table_name"]),
        indexed=tuple(dict.fromkeys(row["indexed"])),
        unique=row["is_unique"],
        primary=row["is_primary"],
        plain=row["plain"],
        constraint=row["constraint_name"],
        parents=tuple(Name(*each) for each in row["parents"]),
        is_partition=row["is_partition"],
        is_default=row["is_default"],
        unlogged=row["unlogged"],
        reads=tuple(Name(*each) for each in row["reads"]),
        reads_columns=frozenset((Name(*each[:2]), each[2]) for each in row["reads_columns"]),
    )


def _constraint(schema: Schema, row: Row) -> None:
    table, columns = Name(row["schema"], row["table"]), tuple(row["columns"])
    if row["kind"] == "f":
        references = Name(row["ref_schema"], row["ref_table"])
        schema.foreign_keys.append(
            ForeignKey(
                name=row["name"],
                table=table,
                columns=columns,
                references=references,
                referenced_columns=tuple(row["ref_columns"]),
                validated=row["validated"],
                cascades=row["cascades"],
                inherited=row["inherited"],
            )
        )
        return
    numbered = dict(zip(row["numbers"] or (), columns, strict=True))
    proves = columns if row["kind"] == "n" else proved_not_null(row["tree"], numbered)
    schema.checks.append(
        Check(
            name=row["name"],
            table=table,
            columns=columns,
            validated=row["validated"],
            proves_not_null=proves,
            no_inherit=row["no_inherit"],
            not_null_only=row["kind"] == "n",
        )
    )


def _others(schema: Schema, rows: Iterable[Row], connection: psycopg.AsyncConnection[Any]) -> None:
    for row in rows:
        relation = Name(row["schema"], row["relation"])
        if row["kind"] in BINDS_COLUMNS:
            what = f"{row['kind']} {Name(None, row['name'])}"
            schema.bound |= {(what, relation, column) for column in json.loads(row["more"])}
        match row["kind"]:
            case "trigger":
                schema.triggers[relation, row["name"]] = relation
            case "statistics":
                schema.statistics[row["name"]] = relation
            case "publication":
                schema.published[row["name"]] = (*schema.published.get(row["name"], ()), relation)
            case "policy":
                schema.policies.add((relation, row["name"]))
            case "function":
                schema.steady_functions |= {row["name"]}
            case "domain":
                schema.domains[row["name"]] = Domain(as_written(connection, row["relation"]), bool(row["more"]))
            case _:
                schema.in_utc = is_utc(row["name"])
