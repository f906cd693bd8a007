"""A database in which somebody has put traps: operators, functions and types that our SQL might find instead of its own.

Whatever of it is run writes a line into the server's log, which no rollback takes back and no read-only session prevents.
"""

from collections.abc import Iterator
from pathlib import Path

from postgast import parse
from postgast import pg_query_pb2 as pg

import zdtui
from tests.fix_db import Database

TRAPPED = "zdtui-trap was run"
FEW_TYPES = ("oid", "regclass", "name", "text", '"char"', "int2", "int4", "int8", "bool", "varchar")
TYPES = (
    *FEW_TYPES,
    *("regtype", "regnamespace", "bpchar", "numeric", "float8", "tid", "xid", "pg_lsn", "timestamptz", "interval"),
    *("uuid", "jsonb", "inet", "bit", "text[]", "int2[]", "int4[]"),
)
SIGNATURES = (
    "",
    "text",
    "name",
    "oid",
    "int4",
    "int8",
    "regclass",
    "timestamptz",
    "text, text",
    "text, bool",
    "anyelement",
)
NOT_FUNCTIONS = frozenset({"coalesce", "greatest", "least"})
"""Spelled like one; SQL's own grammar."""

FILLED_IN = {
    "type": "text",
    "collation": "",
    "columns": "t.a",
    "body": "NULL",
    "compression": "NULL",
    **dict.fromkeys(("partitions", "shards", "sequence", "table"), "pg_class"),
}
"""What a text leaves to the caller, each with an example."""


def sql_files() -> list[Path]:
    """Every file of SQL we send."""
    return sorted(Path(zdtui.__file__).parent.glob("postgres/**/*.sql"))


def statements(text: str) -> Iterator[pg.Node]:
    """The statements of a text by the server's grammar; what a client fills in is a parameter."""
    import re

    plain = re.sub(r"%\((\w+)\)s", "$1", text)
    for name, example in FILLED_IN.items():
        plain = plain.replace(f"{{{name}}}", example)
    for raw in parse(plain).stmts:
        yield raw.stmt


def walk(message: object) -> Iterator[object]:
    """Every node of a tree."""
    yield message
    for field, value in message.ListFields():  # type: ignore[attr-defined]
        if field.type == field.TYPE_MESSAGE:
            for each in value if field.is_repeated else [value]:
                yield from walk(each)


def name_of(parts: object) -> tuple[str, ...]:
    """The parts of a name of an operator, a function or a type."""
    return tuple(part.string.sval for part in parts)  # type: ignore[attr-defined]


def operators(node: object) -> Iterator[tuple[str, ...]]:
    """The operators that a tree names."""
    for each in walk(node):
        if isinstance(each, pg.A_Expr) and each.name:
            yield name_of(each.name)
        if isinstance(each, pg.SubLink) and each.sub_link_type == pg.SubLinkType.ANY_SUBLINK:
            yield name_of(each.oper_name) if each.oper_name else ("=",)
        if isinstance(each, pg.CaseExpr) and each.HasField("arg"):
            yield ("=",)


def functions(node: object) -> Iterator[tuple[str, ...]]:
    """The functions that a tree calls."""
    return (name_of(each.funcname) for each in walk(node) if isinstance(each, pg.FuncCall))


def relations(tree: object) -> Iterator[str]:
    """The relations that a tree names without a schema, but for those it makes itself (WITH)."""
    made = {each.ctename for each in walk(tree) if isinstance(each, pg.CommonTableExpr)}
    for each in walk(tree):
        if isinstance(each, pg.RangeVar) and not each.schemaname and each.relname not in made:
            yield each.relname


def types(node: object) -> Iterator[tuple[str, ...]]:
    """The types that a tree names."""
    return (name_of(each.names) for each in walk(node) if isinstance(each, pg.TypeName))


def trap(server: Database, types: tuple[str, ...] = TYPES) -> None:
    """Make public a trap for every operator and function that our SQL names, and let names be looked for there first."""
    trees = [tree for path in sql_files() for tree in statements(path.read_text("utf-8"))]
    symbols = sorted({each[-1] for tree in trees for each in operators(tree) if not each[-1].isalpha()})
    symbols += [
        each for each in ("=", "<>", "<", "<=", ">", ">=", "~~", "!~~", "||", "+", "-", "%", "/") if each not in symbols
    ]
    names = {each[-1] for tree in trees for each in functions(tree)} - NOT_FUNCTIONS
    called = sorted(name for name in names if not name.startswith("aurora_"))  # a superuser's of that name is believed
    server.execute(
        f"""
CREATE SCHEMA trap;
CREATE FUNCTION trap.said(text) RETURNS void LANGUAGE plpgsql AS $f$ BEGIN RAISE LOG '{TRAPPED}: %', $1; END $f$;
DO $do$
DECLARE l text; r text; s text; f text; a text;
BEGIN
  FOREACH l IN ARRAY ARRAY[{", ".join(f"'{each}'" for each in types)}] LOOP
    FOREACH r IN ARRAY ARRAY[{", ".join(f"'{each}'" for each in types)}] LOOP
      EXECUTE format('CREATE FUNCTION trap.pair(%s, %s) RETURNS boolean IMMUTABLE LANGUAGE plpgsql AS $f$'
                     || ' BEGIN PERFORM trap.said(%L); RETURN NULL; END $f$', l, r, l || ' with ' || r);
      FOREACH s IN ARRAY ARRAY[{", ".join(f"'{each}'" for each in symbols)}] LOOP
        EXECUTE format('CREATE OPERATOR public.%s (LEFTARG = %s, RIGHTARG = %s, FUNCTION = trap.pair)', s, l, r);
      END LOOP;
    END LOOP;
  END LOOP;
  FOREACH f IN ARRAY ARRAY[{", ".join(f"'{each}'" for each in called)}] LOOP
    FOREACH a IN ARRAY ARRAY[{", ".join(f"'{each}'" for each in SIGNATURES)}] LOOP
      EXECUTE format('CREATE FUNCTION public.%I(%s) RETURNS text LANGUAGE plpgsql AS $f$'
                     || ' BEGIN PERFORM trap.said(%L); RETURN NULL; END $f$', f, a, f || '(' || a || ')');
    END LOOP;
  END LOOP;
  GRANT USAGE ON SCHEMA trap TO PUBLIC;
END $do$;
""",
        "postgres",
    )
    server.execute(f"ALTER DATABASE {server.name} SET search_path = public, pg_catalog", "postgres")


def trapped(server: Database) -> list[str]:
    """What of it was run so far."""
    return [line for line in server.cluster.log_text.splitlines() if TRAPPED in line]
