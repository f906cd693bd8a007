"""Of every kind of object: its owner, a comment on it, a privilege on it."""

from collections.abc import Iterator

from tests.integration.fingerprint.case import Case
from tests.integration.fingerprint.cases_of_others import CLASS, EVENT, OPERATOR, SEARCH, SERVER, SUBSCRIPTION

T = "CREATE TABLE t (a int, b text);"
KINDS = {
    "TABLE t": T,
    "COLUMN t.a": T,
    "SEQUENCE s": "CREATE SEQUENCE s;",
    "VIEW v": "CREATE VIEW v AS SELECT 1 AS a;",
    "MATERIALIZED VIEW m": "CREATE MATERIALIZED VIEW m AS SELECT 1 AS a;",
    "INDEX i": f"{T} CREATE INDEX i ON t (a);",
    "CONSTRAINT c ON t": "CREATE TABLE t (a int CONSTRAINT c CHECK (a > 0));",
    "CONSTRAINT c ON DOMAIN d": "CREATE DOMAIN d AS int CONSTRAINT c CHECK (VALUE > 0);",
    "TRIGGER g ON t": f"{T} CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN END';"
    "CREATE TRIGGER g BEFORE INSERT ON t EXECUTE FUNCTION f();",
    "RULE r ON t": f"{T} CREATE RULE r AS ON DELETE TO t DO INSTEAD NOTHING;",
    "POLICY p ON t": f"{T} CREATE POLICY p ON t;",
    "STATISTICS s": f"{T} CREATE STATISTICS s ON a, b FROM t;",
    "FUNCTION f()": "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';",
    "PROCEDURE q()": "CREATE PROCEDURE q() LANGUAGE sql AS '';",
    "AGGREGATE g (int)": "CREATE AGGREGATE g (int) (SFUNC = int4pl, STYPE = int);",
    "TYPE e": "CREATE TYPE e AS ENUM ('x');",
    "TYPE y": "CREATE TYPE y AS (a int);",
    "COLUMN y.a": "CREATE TYPE y AS (a int);",
    "TYPE r": "CREATE TYPE r AS RANGE (SUBTYPE = int);",
    "DOMAIN d": "CREATE DOMAIN d AS int;",
    "CAST (y AS bigint)": "CREATE TYPE y AS (a int); CREATE FUNCTION f(y) RETURNS bigint LANGUAGE sql AS 'SELECT 1::bigint';"
    "CREATE CAST (y AS bigint) WITH FUNCTION f(y);",
    "COLLATION c": 'CREATE COLLATION c FROM "POSIX";',
    "CONVERSION n": "CREATE CONVERSION n FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8;",
    "OPERATOR === (int, int)": OPERATOR,
    "OPERATOR CLASS x USING btree": CLASS,
    "OPERATOR FAMILY y USING btree": CLASS,
    "ACCESS METHOD {k}_m": "CREATE ACCESS METHOD {k}_m TYPE INDEX HANDLER bthandler;",
    "LANGUAGE {k}_l": "CREATE LANGUAGE {k}_l HANDLER plpgsql_call_handler;",
    "TEXT SEARCH CONFIGURATION c": SEARCH,
    "TEXT SEARCH DICTIONARY d": SEARCH,
    "TEXT SEARCH PARSER p": "CREATE TEXT SEARCH PARSER p (START = prsd_start, GETTOKEN = prsd_nexttoken, END = prsd_end,"
    " LEXTYPES = prsd_lextype);",
    "TEXT SEARCH TEMPLATE p": "CREATE TEXT SEARCH TEMPLATE p (LEXIZE = dsimple_lexize);",
    "FOREIGN DATA WRAPPER {k}_w": SERVER,
    "SERVER {k}_s": SERVER,
    "FOREIGN TABLE t": SERVER,
    "EVENT TRIGGER {k}_e": EVENT,
    "PUBLICATION {k}_p": "CREATE PUBLICATION {k}_p;",
    "SUBSCRIPTION {k}_sub": SUBSCRIPTION,
    "SCHEMA {k}": "",
}
HAVE_NO_OWNER = frozenset(
    {
        "COLUMN t.a",
        "INDEX i",
        "CONSTRAINT c ON t",
        "CONSTRAINT c ON DOMAIN d",
        "TRIGGER g ON t",
        "RULE r ON t",
        "POLICY p ON t",
    }
    | {"COLUMN y.a", "CAST (y AS bigint)", "ACCESS METHOD {k}_m", "TEXT SEARCH PARSER p", "TEXT SEARCH TEMPLATE p"}
)
NEEDS_A_SUPERUSER = frozenset({"FOREIGN DATA WRAPPER {k}_w", "EVENT TRIGGER {k}_e", "SUBSCRIPTION {k}_sub"})
GRANTED = {
    "LANGUAGE {k}_l": "UPDATE pg_catalog.pg_language SET lanpltrusted = true WHERE lanname = '{k}_l'; GRANT USAGE ON LANGUAGE {k}_l TO {k}_r",
    "FOREIGN DATA WRAPPER {k}_w": "GRANT USAGE ON FOREIGN DATA WRAPPER {k}_w TO {k}_r",
    "PROCEDURE q()": "GRANT EXECUTE ON PROCEDURE q() TO {k}_r",
    "AGGREGATE g (int)": "GRANT EXECUTE ON FUNCTION g(int) TO {k}_r",
    "DOMAIN d": "GRANT USAGE ON DOMAIN d TO {k}_r",
    "VIEW v": "GRANT SELECT ON v TO {k}_r",
    "MATERIALIZED VIEW m": "GRANT SELECT ON m TO {k}_r",
    "FOREIGN TABLE t": "GRANT SELECT ON t TO {k}_r",
}


def cases() -> Iterator[Case]:
    for kind, before in KINDS.items():
        yield Case(f"comment on {kind}", before, f"COMMENT ON {kind} IS 'said of it'", "'said of it'")
        if kind not in HAVE_NO_OWNER:
            attribute = " SUPERUSER" if kind in NEEDS_A_SUPERUSER else ""
            role = f"CREATE ROLE {{k}}_o{attribute}; GRANT CREATE ON SCHEMA {{k}} TO {{k}}_o;"
            says = "subscription {k}_sub is another" if "SUBSCRIPTION" in kind else "OWNER TO {k}_o"
            says = "server {k}_s is another" if kind == "SERVER {k}_s" else says
            yield Case(f"owner of {kind}", f"{role} {before}", f"ALTER {kind} OWNER TO {{k}}_o", says)
    for kind, grant in GRANTED.items():
        yield Case(f"privilege on {kind}", f"{KINDS[kind]} CREATE ROLE {{k}}_r;", grant, "TO {k}_r")


CASES = tuple(cases())
