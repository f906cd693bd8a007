"""Cutting and naming statements: exact text, right place, never an exception."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zdtui.sql.split import split
from zdtui.sql.statement import StatementClass
from zdtui.sql.text.expression import certain_mistake
from zdtui.sql.text.quote import identifier_parts, quote_identifier
from zdtui.sql.text.tokens import has_open_end

DDL, CONCURRENTLY, VALIDATE, DML, QUERY, UTILITY = (
    StatementClass.INSTANT_DDL,
    StatementClass.CONCURRENTLY,
    StatementClass.VALIDATE,
    StatementClass.DML,
    StatementClass.QUERY,
    StatementClass.UTILITY,
)


@pytest.mark.parametrize(
    ("sql", "texts"),
    [
        ("SELECT 1; SELECT 2", ["SELECT 1", "SELECT 2"]),
        ("SELECT ';'; SELECT ';;'", ["SELECT ';'", "SELECT ';;'"]),
        ("SELECT 'it''s;'", ["SELECT 'it''s;'"]),
        (r"SELECT E'\';', 'a\'; SELECT 2", [r"SELECT E'\';', 'a\'", "SELECT 2"]),
        ('SELECT "a;""b"; SELECT 2', ['SELECT "a;""b"', "SELECT 2"]),
        ("DO $$ BEGIN; END $$; SELECT $x$;$$;$x$", ["DO $$ BEGIN; END $$", "SELECT $x$;$$;$x$"]),
        ("SELECT $1; SELECT a$b$c", ["SELECT $1", "SELECT a$b$c"]),
        ("/* ; /* ; */ ; */ SELECT 1 -- ;\n; -- last", ["SELECT 1"]),
        ("SELECT 1 /* in ; side */ + 1;;;", ["SELECT 1 /* in ; side */ + 1"]),
        ("CREATE RULE r AS ON INSERT TO t DO (SELECT 1; SELECT 2); SELECT 3", 2),
        (
            "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN true THEN 1 END; SELECT 2; END; SELECT 3",
            2,
        ),
        ("SELECT U&'d\\0061t;' ; SELECT U&\"a;\"", 2),
        ("SELECT E'a'\n  '\\';' ; SELECT 2", ["SELECT E'a'\n  '\\';'", "SELECT 2"]),
        ("SELECT $é→$;$é→$; SELECT 2", ["SELECT $é→$;$é→$", "SELECT 2"]),
        ("-- ends at a carriage return\rSELECT 1; SELECT 2", ["SELECT 1", "SELECT 2"]),
        ("SELECT 1 AS begin; SELECT 2 AS atomic; SELECT 3", 3),
        ("CREATE PROCEDURE p() BEGIN ATOMIC SELECT x.end, 1 AS case FROM x; SELECT 2; END; SELECT 3", 2),
        (")(; SELECT 1", 1),
        ("", []),
        ("-- nothing", []),
    ],
)
def test_where_statements_end(sql: str, texts: list[str] | int) -> None:
    found = split(sql)
    if isinstance(texts, int):
        assert len(found) == texts
    else:
        assert [statement.text for statement in found] == texts
    for statement in found:
        assert sql[statement.offset : statement.offset + len(statement.text)] == statement.text
        assert statement.line == sql[: statement.offset].count("\n") + 1


@pytest.mark.parametrize(
    ("sql", "kind", "statement_class", "transactional", "index", "table"),
    [
        ("alter table only s.t add column x int", "ALTER TABLE", DDL, True, None, "s.t"),
        ("ALTER TABLE IF EXISTS t VALIDATE CONSTRAINT c", "ALTER TABLE", VALIDATE, True, None, "t"),
        ("CREATE INDEX i ON t (x)", "CREATE INDEX", DDL, True, "i", "t"),
        ("CREATE INDEX ON t (x)", "CREATE INDEX", DDL, True, None, "t"),
        (
            'CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS "I x" ON ONLY s."T" (x)',
            "CREATE INDEX CONCURRENTLY",
            CONCURRENTLY,
            False,
            '"I x"',
            's."T"',
        ),
        ("DROP INDEX CONCURRENTLY IF EXISTS s.i", "DROP INDEX CONCURRENTLY", CONCURRENTLY, False, "s.i", None),
        ("REINDEX INDEX CONCURRENTLY i", "REINDEX INDEX CONCURRENTLY", CONCURRENTLY, False, "i", None),
        ("REINDEX (VERBOSE) TABLE CONCURRENTLY t", "REINDEX TABLE CONCURRENTLY", CONCURRENTLY, False, None, "t"),
        ("ALTER TABLE p DETACH PARTITION q CONCURRENTLY", "ALTER TABLE", CONCURRENTLY, False, None, "p"),
        ("REFRESH MATERIALIZED VIEW CONCURRENTLY v", "REFRESH MATERIALIZED VIEW", DDL, True, None, "v"),
        ("VACUUM (ANALYZE) t", "VACUUM", UTILITY, False, None, "t"),
        ("VACUUM FULL t", "VACUUM", DDL, False, None, "t"),
        ("UPDATE ONLY t SET x = 1", "UPDATE", DML, True, None, "t"),
        ("INSERT INTO s.t VALUES (1)", "INSERT", DML, True, None, "s.t"),
        ("DELETE FROM t", "DELETE", DML, True, None, "t"),
        ("WITH a AS (SELECT 1) SELECT * FROM a", "WITH", QUERY, True, None, None),
        ("WITH a AS (DELETE FROM t RETURNING 1) SELECT * FROM a", "WITH", DML, True, None, None),
        ("SELECT 1", "SELECT", QUERY, True, None, None),
        ("CREATE OR REPLACE FUNCTION f() RETURNS int AS '' LANGUAGE sql", "CREATE FUNCTION", DDL, True, None, None),
        ("CREATE CONSTRAINT TRIGGER x AFTER INSERT ON t", "CREATE TRIGGER", DDL, True, None, "t"),
        ("CREATE MATERIALIZED VIEW v AS SELECT 1", "CREATE MATERIALIZED VIEW", DDL, True, None, "v"),
        ("ALTER TYPE m ADD VALUE 'x'", "ALTER TYPE", DDL, True, None, None),
        ("ALTER SYSTEM SET x = 1", "ALTER SYSTEM", DDL, False, None, None),
        ("CREATE DATABASE d", "CREATE DATABASE", DDL, False, None, None),
        ("COMMENT ON TABLE t IS 'x'", "COMMENT", UTILITY, True, None, None),
        ("TRUNCATE TABLE t", "TRUNCATE", DDL, True, None, "t"),
        ("LOCK TABLE t IN SHARE MODE", "LOCK", DDL, True, None, "t"),
        ("CLUSTER", "CLUSTER", DDL, False, None, None),
        ("CLUSTER VERBOSE", "CLUSTER", DDL, False, None, None),
        ("CLUSTER (VERBOSE) t USING i", "CLUSTER", DDL, True, None, "t"),
        ("REINDEX SCHEMA s", "REINDEX SCHEMA", DDL, False, None, None),
        ("REINDEX (CONCURRENTLY) TABLE t", "REINDEX TABLE CONCURRENTLY", CONCURRENTLY, False, None, "t"),
        ("REINDEX (CONCURRENTLY false) TABLE t", "REINDEX TABLE", DDL, True, None, "t"),
        ("REINDEX DATABASE CONCURRENTLY d", "REINDEX DATABASE CONCURRENTLY", CONCURRENTLY, False, None, None),
        ("ALTER TABLE t VALIDATE CONSTRAINT a, VALIDATE CONSTRAINT b", "ALTER TABLE", VALIDATE, True, None, "t"),
        ("ALTER TABLE t VALIDATE CONSTRAINT a, ADD COLUMN b int", "ALTER TABLE", DDL, True, None, "t"),
        ("ALTER TABLE t VALIDATE CONSTRAINT a,", "ALTER TABLE", DDL, True, None, "t"),
        ("ALTER TABLE t DROP COLUMN b, VALIDATE CONSTRAINT a", "ALTER TABLE", DDL, True, None, "t"),
        ("CREATE SUBSCRIPTION s CONNECTION '' PUBLICATION p", "CREATE SUBSCRIPTION", DDL, False, None, None),
        (
            "CREATE SUBSCRIPTION s CONNECTION '' PUBLICATION p WITH (create_slot = false)",
            "CREATE SUBSCRIPTION",
            DDL,
            True,
            None,
            None,
        ),
        ("ALTER SUBSCRIPTION s REFRESH PUBLICATION", "ALTER SUBSCRIPTION", DDL, False, None, None),
        ("ALTER SUBSCRIPTION s DISABLE", "ALTER SUBSCRIPTION", DDL, True, None, None),
        ("ALTER DATABASE d SET TABLESPACE s", "ALTER DATABASE", DDL, False, None, None),
        ("ALTER DATABASE d SET work_mem = '1MB'", "ALTER DATABASE", DDL, True, None, None),
        ("DISCARD ALL", "DISCARD", UTILITY, False, None, None),
        ("GRANT SELECT ON t TO r", "GRANT", UTILITY, True, None, None),
        ("(SELECT 1) UNION (SELECT 2)", "SELECT", QUERY, True, None, None),
        ("SELECT 1 AS x INTO u", "SELECT INTO", DDL, True, None, None),
        ("WITH a AS (SELECT 1) SELECT * FROM a FOR UPDATE", "WITH", QUERY, True, None, None),
        ("WITH a AS (SELECT 1) INSERT INTO t SELECT * FROM a", "WITH", DML, True, None, None),
        ("EXPLAIN DELETE FROM t", "EXPLAIN", QUERY, True, None, None),
        ("EXPLAIN ANALYZE DELETE FROM t", "EXPLAIN", DML, True, None, None),
        ("EXPLAIN (ANALYZE) DELETE FROM t", "EXPLAIN", DML, True, None, None),
        ("EXPLAIN (ANALYZE false) DELETE FROM t", "EXPLAIN", QUERY, True, None, None),
        ("CREATE FOREIGN DATA WRAPPER w", "CREATE FOREIGN DATA WRAPPER", DDL, True, None, None),
        ("VACUUM (FULL false) t", "VACUUM", UTILITY, False, None, "t"),
        ("FROBNICATE t", "FROBNICATE", StatementClass.UNKNOWN, True, None, None),
        ('"drop" table', "?", StatementClass.UNKNOWN, True, None, None),
    ],
)
def test_what_a_statement_is(
    sql: str, kind: str, statement_class: StatementClass, transactional: bool, index: str | None, table: str | None
) -> None:
    (statement,) = split(sql)
    assert (statement.kind, statement.statement_class, statement.transactional) == (
        kind,
        statement_class,
        transactional,
    )
    assert (statement.index_name, statement.table_name) == (index, table)


PIECES = st.sampled_from(
    [
        "SELECT ",
        "'",
        '"',
        "$$",
        "$a$",
        ";",
        "/*",
        "*/",
        "--",
        "\n",
        "E'",
        "\\",
        "(",
        ")",
        "BEGIN ATOMIC ",
        "END",
        "U&'",
        "ALTER TABLE t ",
    ]
)


@settings(max_examples=400, deadline=None)
@given(st.lists(PIECES | st.text(max_size=4), max_size=25).map("".join))
def test_any_text_is_cut_without_an_exception_and_nothing_is_invented(sql: str) -> None:
    place = 0
    for statement in split(sql):
        assert sql[statement.offset : statement.offset + len(statement.text)] == statement.text
        assert statement.offset >= place
        place = statement.offset + len(statement.text)
        assert statement.text[0] not in " \t\n\r\f\v;"
    has_open_end(sql)


REAL = """-- a trigger
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $function$
BEGIN
  IF NEW.a <> 'it''s; fine' THEN RETURN NULL; END IF; -- $function
END $function$;
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS "I x" ON ONLY s."T" (lower(x)) WHERE x <> E'\\';';
/* outer /* inner; */ ; */ ALTER TABLE t VALIDATE CONSTRAINT c, ADD CHECK (x > 0) NOT VALID;
CREATE FUNCTION g() RETURNS int BEGIN ATOMIC SELECT CASE WHEN true THEN 1 END; END;
CREATE RULE r AS ON INSERT TO t DO (SELECT 1; DELETE FROM u);
WITH gone AS (DELETE FROM t RETURNING *) INSERT INTO u SELECT * FROM gone;
CREATE SUBSCRIPTION s CONNECTION U&'\\0061' PUBLICATION p WITH (create_slot = false);
"""


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """Real SQL with stretches cut out, doubled, or something put in between."""
    sql = REAL
    for _ in range(draw(st.integers(1, 5))):
        start = draw(st.integers(0, len(sql)))
        end = min(len(sql), start + draw(st.integers(0, 40)))
        sql = sql[:start] + draw(st.sampled_from(["", sql[start:end] * 2]) | PIECES | st.text(max_size=3)) + sql[end:]
    return sql


@settings(max_examples=400, deadline=None)
@given(mutated())
def test_mutated_sql_is_cut_without_an_exception_into_its_own_pieces(sql: str) -> None:
    place = 0
    for statement in split(sql):
        between = sql[place : statement.offset]
        assert sql[statement.offset : statement.offset + len(statement.text)] == statement.text
        assert not split(between), "what is left out is blanks, comments and semicolons"
        assert statement.line == sql[: statement.offset].count("\n") + 1
        place = statement.offset + len(statement.text)


def test_real_sql_is_cut_where_the_server_cuts_it() -> None:
    kinds = ["CREATE FUNCTION", "CREATE INDEX CONCURRENTLY", "ALTER TABLE", "CREATE FUNCTION", "CREATE RULE", "WITH"]
    assert [statement.kind for statement in split(REAL)] == [*kinds, "CREATE SUBSCRIPTION"]


@pytest.mark.parametrize(
    ("expression", "says"),
    [
        ("", "no expression"),
        ("x y", "look at `y`"),
        ("a +", "look at `+`"),
        ("a AND", "look at `AND`"),
        ("(a", "never closed"),
        ("a)", "closes nothing"),
        ("'a", "never ends"),
        ("a; DROP TABLE t", "ends a statement"),
        ("WHERE a", "leave out the word WHERE"),
        ("a -- why", "would swallow"),
    ],
)
def test_what_is_certainly_no_expression(expression: str, says: str) -> None:
    mistake = certain_mistake(expression)
    assert mistake is not None
    assert says in mistake.sentence


@pytest.mark.parametrize(
    "expression",
    [
        "split_part(name, ' ', 1)",
        "x IS NOT NULL AND y NOT IN (1, 2)",
        "numeric '1' + double precision '2'",
        "interval '1 day' * -2",
        "'one'\n'string'",
        "x AT TIME ZONE 'UTC'",
        'x COLLATE "C"',
        "x OPERATOR(pg_catalog.+) y",
        "now() AT LOCAL",
        "ROW(t.*)",
        "(SELECT max(a b) FROM t u)",
        "geometry 'POINT(1 2)'",
        "array[1, 2] || '{3}'",
        "a /* b */ + c",
        "'--'",
        "CASE WHEN a THEN b END",
        "extract(epoch FROM x)",
        "data ->> 'key' #- '{a}'",
        "x !~ '[[:cntrl:]]'",
    ],
)
def test_what_the_server_may_take_is_left_to_the_server(expression: str) -> None:
    assert certain_mistake(expression) is None


@settings(max_examples=200, deadline=None)
@given(
    st.lists(PIECES | st.sampled_from(["a ", "b", "+", "AND ", "1 ", "f(", ")", ",", "'x' "]), max_size=8).map("".join)
)
def test_looking_for_mistakes_never_raises(expression: str) -> None:
    mistake = certain_mistake(expression)
    assert mistake is None or 0 <= mistake.offset <= len(expression)


@pytest.mark.parametrize(
    ("sql", "open_end"),
    [("SELECT 'a", 7), ('SELECT "a', 7), ("SELECT $$ a", 7), ("SELECT 1 /* a /* b */", 9), ("SELECT 1 /* a */", None)],
)
def test_what_never_ends_is_found(sql: str, open_end: int | None) -> None:
    assert has_open_end(sql) == open_end


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("a", ("a",)),
        ("S.A", ("s", "a")),
        ("s . É", ("s", "É")),
        ("a.", ("a.",)),
        ("a b", ("a b",)),
        ('s."A ""b"', ("s", 'A "b')),
        ("", ("",)),
        ('"open', ('"open',)),
    ],
)
def test_identifiers_are_read_as_the_catalogs_hold_them(name: str, parts: tuple[str, ...]) -> None:
    assert identifier_parts(name) == parts


def test_identifiers_are_quoted_when_in_doubt() -> None:
    assert quote_identifier("plain_1") == "plain_1"
    assert quote_identifier('Odd "one"') == '"Odd ""one"""'
    assert quote_identifier("user") == '"user"', "unquoted it is a function"
    assert quote_identifier("order") == '"order"'
    assert quote_identifier("status") == "status"


def test_ten_thousand_statements_are_cut_well_within_a_second() -> None:
    sql = "ALTER TABLE t ADD COLUMN x int DEFAULT 'a;b' /* c */;\nDO $$ BEGIN; END $$;\n" * 5_000
    began = time.process_time()
    assert len(split(sql)) == 10_000
    assert time.process_time() - began < 1


@pytest.mark.parametrize(
    "piece", ["/*", "'", "E'\\", "e'a'\n", "$a$", "(", "$", "'\n", "BEGIN ATOMIC ", "CASE ", "--\r"]
)
def test_a_hostile_text_takes_no_longer_than_any_other(piece: str) -> None:
    began = time.process_time()
    split(piece * 100_000)
    has_open_end(piece * 100_000)
    assert time.process_time() - began < 5
