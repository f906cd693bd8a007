"""Foreign keys: what a row that goes on the other side costs, and how many tables wait for them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from zdtui.hazards.context import Context
from zdtui.hazards.hazard import Safer, Severity
from zdtui.hazards.rule import DOCUMENTATION, Example, Finder, Found, Rule, on, safer
from zdtui.sql.operation import Column, Constraint, ConstraintKind, Operation
from zdtui.sql.schema.made_names import made_name
from zdtui.sql.text.name import Name
from zdtui.sql.text.quote import quote_identifier
from zdtui.sql.text.tokens import tokens

GIVEN = (
    "CREATE TABLE org (id bigint PRIMARY KEY); CREATE TABLE team (id bigint PRIMARY KEY);"
    " CREATE TABLE users (id bigint PRIMARY KEY, org_id bigint, team_id int); CREATE INDEX users_team ON "
    "users (team_id)"
)
MAKES_KEYS = ("ALTER TABLE ADD CONSTRAINT", "ALTER TABLE ADD COLUMN", "CREATE TABLE", "CREATE TABLE PARTITION OF")
KEYS = (ConstraintKind.PRIMARY_KEY, ConstraintKind.UNIQUE)
CASCADES = ("ON", "DELETE", "CASCADE")
ALIASES = {
    **dict.fromkeys(("int", "int4", "serial", "serial4"), "integer"),
    **dict.fromkeys(("int8", "bigserial", "serial8"), "bigint"),
    **dict.fromkeys(("int2", "smallserial", "serial2"), "smallint"),
    **dict.fromkeys(("varchar", "character varying", "char", "character", "bpchar"), "text"),
    **dict.fromkeys(("decimal",), "numeric"),
    **dict.fromkeys(("timestamp with time zone",), "timestamptz"),
    **dict.fromkeys(("timestamp without time zone",), "timestamp"),
}
IN_BRACKETS = re.compile(r"\s*\([^)]*\)")


@dataclass(frozen=True, slots=True)
class _Key:
    """A foreign key that a statement makes."""

    table: Name
    columns: tuple[str, ...]
    references: Name
    referenced_columns: tuple[str, ...]


def _keys(operation: Operation) -> Iterator[_Key]:
    """Those that the operation makes, of its columns and of its table."""
    for each in _constraints(operation):
        if each.kind is ConstraintKind.FOREIGN_KEY and each.references is not None and operation.relation is not None:
            yield _Key(operation.relation, each.columns, each.references, each.referenced_columns)


def _constraints(operation: Operation) -> Iterator[Constraint]:
    yield from () if operation.constraint is None else (operation.constraint,)
    yield from operation.constraints
    for column in _columns(operation):
        yield from column.constraints


def _columns(operation: Operation) -> tuple[Column, ...]:
    return operation.definitions if operation.definition is None else (operation.definition,)


@on(*MAKES_KEYS)
def _without_index(context: Context, each: Operation) -> Iterator[Found]:
    in_use = each.kind == "ALTER TABLE ADD CONSTRAINT" and context.schema.find(each.relation) is not None
    severity = Severity.WARN if in_use and not context.fresh(each.relation) else Severity.NOTE
    for key in _keys(each):
        if key.columns and not _is_indexed(context, each, key):
            columns = ", ".join(map(quote_identifier, key.columns))
            name = quote_identifier(made_name(key.table.name, *key.columns, "idx"))
            how = "" if each.kind.startswith("CREATE") else "CONCURRENTLY "
            yield Found(
                severity=severity,
                sentence=f"no index of {key.table} begins with {columns}: each row of {key.references} that is deleted "
                f"or gets another key reads {key.table} from end to end",
                safer=safer(
                    "build an index on the referencing columns first",
                    f"CREATE INDEX {how}IF NOT EXISTS {name} ON {key.table} ({columns})",
                ),
            )


def _is_indexed(context: Context, operation: Operation, key: _Key) -> bool:
    wanted = set(key.columns)
    table = context.schema.resolve(key.table)
    own = [each.columns for each in _constraints(operation) if each.kind in KEYS]
    known = [index.indexed for index in context.schema.indexes_of(table)]
    to_come = [each.columns for each in context.indexes_to_come(key.table) if each.where is None]
    return any(set(columns[: len(wanted)]) == wanted for columns in (*own, *known, *to_come))


@on(*MAKES_KEYS)
def _of_another_type(context: Context, each: Operation) -> Iterator[Found]:
    for key in _keys(each):
        own, others = _own_types(context, each), _types(context, key.references)
        referenced = key.referenced_columns or _primary_key(context, key.references)
        for column, other in zip(key.columns, referenced, strict=False):
            mine, theirs = own.get(column, ""), others.get(other, "")
            if mine and theirs and _plain(mine) != _plain(theirs):
                yield Found(
                    sentence=f"{quote_identifier(column)} is {mine} and {key.references}.{quote_identifier(other)} is "
                    f"{theirs}: values that fit the one may not fit the other, and each check has to convert",
                    safer=Safer(sentence=f"give {quote_identifier(column)} the type {_plain(theirs)}"),
                )


def _own_types(context: Context, operation: Operation) -> dict[str, str]:
    made = {column.name: column.type or "" for column in _columns(operation)}
    return {**({} if operation.relation is None else _types(context, operation.relation)), **made}


def _types(context: Context, table: Name) -> dict[str, str]:
    known = context.schema.find(table)
    return {} if known is None else {column.name: column.type for column in known.columns}


def _primary_key(context: Context, table: Name) -> tuple[str, ...]:
    indexes = context.schema.indexes_of(context.schema.resolve(table))
    return next((index.indexed for index in indexes if index.primary), ())


def _plain(written: str) -> str:
    """The type without its length, by one of its names."""
    bare = " ".join(IN_BRACKETS.sub("", written).lower().replace("pg_catalog.", "").split())
    return ALIASES.get(bare, bare)


def _many(context: Context) -> Iterator[Found]:
    keys = [key for each in context.operations if each.kind in MAKES_KEYS for key in _keys(each)]
    tables = dict.fromkeys(context.schema.resolve(key.references) for key in keys)
    others = [name for name in tables if not context.fresh(name) and name not in {key.table for key in keys}]
    if len(others) > 1:
        yield Found(
            sentence=f"nobody writes {', '.join(map(str, others))} while the lock on the last of them is waited for: "
            "one long transaction on any of them stops them all",
            safer=Safer(
                sentence="make the table without its foreign keys, then add them one in a step, each NOT VALID and "
                "validated afterwards"
            ),
        )


@on(*MAKES_KEYS)
def _cascades(context: Context, each: Operation) -> Iterator[Found]:
    keys = list(_keys(each))
    words = [token.upper for token in tokens(context.statement.text)] if keys else []
    if any(tuple(words[place : place + 3]) == CASCADES for place in range(len(words))):
        yield Found(
            sentence=f"one DELETE on {keys[0].references} deletes rows of {keys[0].table} too, however many there are, "
            "in the same transaction",
            safer=Safer(sentence="where it can be many, delete the rows in batches first and leave CASCADE out"),
        )


RULES = (
    Rule(
        name="foreign-key-without-index",
        severity=Severity.WARN,
        title="A foreign key whose own columns have no index",
        why="PostgreSQL makes no index on the referencing side. Each row that is deleted on the other side, or gets "
        "another key, reads the whole table for rows that point to it, and holds its locks meanwhile.",
        find=_without_index,
        example=Example(
            given=GIVEN,
            bad="ALTER TABLE users ADD CONSTRAINT org FOREIGN KEY (org_id) REFERENCES org NOT VALID;",
            good="CREATE INDEX CONCURRENTLY IF NOT EXISTS users_org ON users (org_id);\n"
            "ALTER TABLE users ADD CONSTRAINT org FOREIGN KEY (org_id) REFERENCES org NOT VALID;",
        ),
        sources=(f"{DOCUMENTATION}ddl-constraints.html#DDL-CONSTRAINTS-FK",),
    ),
    Rule(
        name="foreign-key-types-differ",
        severity=Severity.WARN,
        title="A foreign key between columns of different types",
        why="A key that has outgrown the smaller type can no longer be referenced: inserts fail that day. Each check "
        "and each join has to convert.",
        find=_of_another_type,
        example=Example(
            given=GIVEN,
            bad="ALTER TABLE users ADD CONSTRAINT team FOREIGN KEY (team_id) REFERENCES team NOT VALID;",
            good="ALTER TABLE users ADD COLUMN squad_id bigint REFERENCES team;\n"
            "CREATE INDEX CONCURRENTLY IF NOT EXISTS users_squad ON users (squad_id);",
        ),
        sources=(f"{DOCUMENTATION}ddl-constraints.html#DDL-CONSTRAINTS-FK",),
    ),
    Rule(
        name="many-foreign-keys",
        severity=Severity.WARN,
        title="Foreign keys to several tables in one statement",
        why="Each foreign key takes SHARE ROW EXCLUSIVE on the table it points to. The first is kept from "
        "writers while "
        "the lock on the next is waited for.",
        find=Finder(_many, frozenset(MAKES_KEYS)),
        example=Example(
            given=GIVEN,
            bad="CREATE TABLE seat (org_id bigint REFERENCES org, team_id bigint REFERENCES team);",
            good="CREATE TABLE seat (org_id bigint REFERENCES org, team_id bigint);",
        ),
        sources=(f"{DOCUMENTATION}sql-createtable.html",),
    ),
    Rule(
        name="foreign-key-cascades",
        severity=Severity.NOTE,
        title="ON DELETE CASCADE",
        why="The DELETE of one row becomes that of all that point to it, and of all that point to those, in one "
        "transaction that nobody asked to be long.",
        find=_cascades,
        example=Example(
            given=GIVEN,
            bad="ALTER TABLE users ADD COLUMN squad_id bigint REFERENCES team ON DELETE CASCADE;\n"
            "CREATE INDEX CONCURRENTLY IF NOT EXISTS users_squad ON users (squad_id);",
            good="ALTER TABLE users ADD COLUMN squad_id bigint REFERENCES team;",
        ),
        sources=(f"{DOCUMENTATION}ddl-constraints.html#DDL-CONSTRAINTS-FK",),
    ),
)
