"""Functions, types, views, policies, roles, replication, settings, and every other kind of object PostgreSQL has."""

from tests.integration.fingerprint.case import Case
from zdtui.fingerprint.verdict import VerdictKind

EXACT = VerdictKind.EXACT
T = "CREATE TABLE t (a int, b text);"
F = "CREATE FUNCTION f() RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1';"
TRIGGER = f"{T} CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';" + (
    "CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f();"
)
OPERATOR = (
    "CREATE FUNCTION f(int, int) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT true';"
    "CREATE OPERATOR === (LEFTARG = int, RIGHTARG = int, FUNCTION = f);"
)
CLASS = (
    "CREATE OPERATOR FAMILY y USING btree;"
    "CREATE OPERATOR CLASS x FOR TYPE int4 USING btree FAMILY y AS OPERATOR 1 pg_catalog.<, OPERATOR 2 pg_catalog.<=,"
    " OPERATOR 3 pg_catalog.=, OPERATOR 4 pg_catalog.>=, OPERATOR 5 pg_catalog.>, FUNCTION 1 btint4cmp(int4, int4);"
)
SERVER = (
    "CREATE FOREIGN DATA WRAPPER {k}_w; CREATE SERVER {k}_s FOREIGN DATA WRAPPER {k}_w OPTIONS (host 'old');"
    "CREATE FOREIGN TABLE t (a int) SERVER {k}_s OPTIONS (name 'x');"
)
MAPPING = f"{SERVER} CREATE ROLE {{k}}_r; CREATE USER MAPPING FOR {{k}}_r SERVER {{k}}_s OPTIONS (password 'sesame');"
SUBSCRIPTION = (
    "CREATE SUBSCRIPTION {k}_sub CONNECTION 'host=nowhere password=sesame' PUBLICATION p WITH (connect = false);"
)
EVENT = (
    "CREATE FUNCTION f() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';"
    "CREATE EVENT TRIGGER {k}_e ON sql_drop WHEN tag IN ('DROP FUNCTION') EXECUTE FUNCTION f();"
)
SEARCH = "CREATE TEXT SEARCH DICTIONARY d (TEMPLATE = simple); CREATE TEXT SEARCH CONFIGURATION c (COPY = simple);"
LIKE_A_DUMP = "SELECT 1;\nSET default_tablespace = "
LIKE_A_DUMP_ENDS = ";\n\n\n--\n-- Name: x; Type: TABLE; Schema: {k}; Owner: y\n--\n\nSELECT 2"

ROUTINES = (
    Case("function lost", F, "DROP FUNCTION f", "function {k}.f() is missing"),
    Case("function left", "", F, "function {k}.f() was not there before"),
    Case(
        "function body",
        F,
        "CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 2'",
        "SELECT 2",
    ),
    Case("function volatility", F, "ALTER FUNCTION f VOLATILE", "IMMUTABLE"),
    Case("function setting", F, "ALTER FUNCTION f SET search_path = pg_catalog", "SET search_path"),
    Case("function security", F, "ALTER FUNCTION f SECURITY DEFINER", "SECURITY DEFINER"),
    Case("function cost", F, "ALTER FUNCTION f COST 9", "COST 9"),
    Case("function parallel", F, "ALTER FUNCTION f PARALLEL SAFE", "PARALLEL SAFE"),
    Case("function leakproof", F, "ALTER FUNCTION f LEAKPROOF", "LEAKPROOF"),
    Case("function strict", F, "ALTER FUNCTION f STRICT", "STRICT"),
    Case("function owner", F, "CREATE ROLE {k}_o; ALTER FUNCTION f OWNER TO {k}_o", "OWNER TO {k}_o"),
    Case("function grant", F, "REVOKE EXECUTE ON FUNCTION f FROM PUBLIC", "REVOKE ALL ON FUNCTION"),
    Case("comment on a function", F, "COMMENT ON FUNCTION f IS 'said'", "'said'"),
    Case("function of another extension", F, "ALTER FUNCTION f DEPENDS ON EXTENSION plpgsql", "DEPENDS ON EXTENSION"),
    Case(
        "two blank lines in a body",
        "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT\n\n1';",
        "CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT\n\n\n1'",
        "function {k}.f() is another",
    ),
    Case(
        "a body that looks like a dump",
        f"CREATE FUNCTION f() RETURNS int LANGUAGE sql AS '{LIKE_A_DUMP}a{LIKE_A_DUMP_ENDS}';",
        f"CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE sql AS '{LIKE_A_DUMP}b{LIKE_A_DUMP_ENDS}'",
        "function {k}.f() is another",
    ),
    Case(
        "body of SQL's own",
        "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; END;",
        "CREATE OR REPLACE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 2; END",
        "SELECT 2",
        since=14,
    ),
    Case("procedure left", "", "CREATE PROCEDURE q() LANGUAGE sql AS ''", "procedure {k}.q() was not there before"),
    Case(
        "aggregate lost",
        "CREATE AGGREGATE g (int) (SFUNC = int4pl, STYPE = int);",
        "DROP AGGREGATE g (int)",
        "aggregate {k}.g(integer) is missing",
    ),
    Case(
        "aggregate changed",
        "CREATE AGGREGATE g (int) (SFUNC = int4pl, STYPE = int);",
        "DROP AGGREGATE g (int); CREATE AGGREGATE g (int) (SFUNC = int4mul, STYPE = int)",
        "int4mul",
    ),
    Case("trigger lost", TRIGGER, "DROP TRIGGER g ON t", "trigger {k}.t g is missing"),
    Case("trigger disabled", TRIGGER, "ALTER TABLE t DISABLE TRIGGER g", "DISABLE TRIGGER g"),
    Case("trigger always", TRIGGER, "ALTER TABLE t ENABLE ALWAYS TRIGGER g", "ENABLE ALWAYS TRIGGER g"),
    Case(
        "trigger renamed, so that it fires at another time",
        TRIGGER,
        "ALTER TRIGGER g ON t RENAME TO h",
        "trigger {k}.t h was not there before",
    ),
    Case(
        "trigger event",
        TRIGGER,
        "DROP TRIGGER g ON t; CREATE TRIGGER g BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION f()",
        "BEFORE UPDATE",
    ),
    Case("event trigger disabled", EVENT, "ALTER EVENT TRIGGER {k}_e DISABLE", "DISABLE"),
    Case("event trigger lost", EVENT, "DROP EVENT TRIGGER {k}_e", "event trigger {k}_e is missing"),
    Case(
        "language left",
        "",
        "CREATE LANGUAGE {k}_l HANDLER plpgsql_call_handler",
        "procedural language {k}_l was not there before",
    ),
    Case(
        "language trusted",
        "CREATE LANGUAGE {k}_l HANDLER plpgsql_call_handler;",
        "CREATE OR REPLACE TRUSTED LANGUAGE {k}_l HANDLER plpgsql_call_handler",
        "TRUSTED",
    ),
    Case(
        "transform left",
        "CREATE TYPE y AS (a int); CREATE FUNCTION fy(internal) RETURNS y LANGUAGE internal STRICT IMMUTABLE AS 'record_in';"
        "CREATE FUNCTION ty(internal) RETURNS internal LANGUAGE internal STRICT IMMUTABLE AS 'int4recv';",
        "CREATE TRANSFORM FOR y LANGUAGE plpgsql (FROM SQL WITH FUNCTION ty(internal), TO SQL WITH FUNCTION fy(internal))",
        "transform",
    ),
)
VIEWS = (
    Case("view lost", f"{T} CREATE VIEW v AS SELECT a FROM t;", "DROP VIEW v", "view {k}.v is missing"),
    Case(
        "view definition",
        f"{T} CREATE VIEW v AS SELECT a FROM t;",
        "CREATE OR REPLACE VIEW v AS SELECT a FROM t WHERE a > 0",
        "a > 0",
    ),
    Case(
        "view option",
        f"{T} CREATE VIEW v AS SELECT a FROM t;",
        "ALTER VIEW v SET (security_barrier)",
        "security_barrier",
    ),
    Case(
        "view check option",
        f"{T} CREATE VIEW v AS SELECT a FROM t;",
        "ALTER VIEW v SET (check_option = local)",
        "CHECK OPTION",
    ),
    Case("view default", f"{T} CREATE VIEW v AS SELECT a FROM t;", "ALTER VIEW v ALTER a SET DEFAULT 1", "DEFAULT 1"),
    Case(
        "columns of a view in another order",
        f"{T} CREATE VIEW v AS SELECT a, b FROM t;",
        "DROP VIEW v; CREATE VIEW v AS SELECT b, a FROM t",
        "view {k}.v is another",
    ),
    Case(
        "materialized view lost",
        f"{T} CREATE MATERIALIZED VIEW m AS SELECT a FROM t;",
        "DROP MATERIALIZED VIEW m",
        "materialized view {k}.m is missing",
    ),
    Case(
        "materialized view without rows",
        f"{T} CREATE MATERIALIZED VIEW m AS SELECT a FROM t;",
        "REFRESH MATERIALIZED VIEW m WITH NO DATA",
        "not populated",
    ),
    Case(
        "rule lost",
        f"{T} CREATE RULE r AS ON DELETE TO t DO INSTEAD NOTHING;",
        "DROP RULE r ON t",
        "rule {k}.t r is missing",
    ),
    Case(
        "rule disabled",
        f"{T} CREATE RULE r AS ON DELETE TO t DO INSTEAD NOTHING;",
        "ALTER TABLE t DISABLE RULE r",
        "DISABLE RULE r",
    ),
    Case("policy lost", f"{T} CREATE POLICY o ON t USING (a > 0);", "DROP POLICY o ON t", "policy {k}.t o is missing"),
    Case(
        "policy changed", f"{T} CREATE POLICY o ON t USING (a > 0);", "ALTER POLICY o ON t USING (true)", "USING (true)"
    ),
    Case(
        "policy for a role",
        f"{T} CREATE POLICY o ON t USING (a > 0); CREATE ROLE {{k}}_r;",
        "ALTER POLICY o ON t TO {k}_r",
        "TO {k}_r",
    ),
)
TYPES = (
    Case("enum value left", "CREATE TYPE e AS ENUM ('x', 'z');", "ALTER TYPE e ADD VALUE 'y'", "'y'"),
    Case(
        "enum order",
        "CREATE TYPE e AS ENUM ('x', 'z');",
        "DROP TYPE e; CREATE TYPE e AS ENUM ('z', 'x')",
        "type {k}.e is another",
    ),
    Case("enum label", "CREATE TYPE e AS ENUM ('x', 'z');", "ALTER TYPE e RENAME VALUE 'x' TO 'y'", "'y'"),
    Case("domain lost", "CREATE DOMAIN d AS int;", "DROP DOMAIN d", "domain {k}.d is missing"),
    Case(
        "domain check",
        "CREATE DOMAIN d AS int CONSTRAINT k CHECK (VALUE > 0);",
        "ALTER DOMAIN d DROP CONSTRAINT k",
        "CHECK",
    ),
    Case(
        "domain check renamed",
        "CREATE DOMAIN d AS int CONSTRAINT k CHECK (VALUE > 0);",
        "ALTER DOMAIN d RENAME CONSTRAINT k TO m",
        "k of {k}.d is now m",
        VerdictKind.EXACT_BUT,
    ),
    Case("domain default", "CREATE DOMAIN d AS int;", "ALTER DOMAIN d SET DEFAULT 5", "DEFAULT 5"),
    Case("domain not null", "CREATE DOMAIN d AS int;", "ALTER DOMAIN d SET NOT NULL", "NOT NULL"),
    Case("composite attribute", "CREATE TYPE y AS (a int, b text);", "ALTER TYPE y ADD ATTRIBUTE c int", "c integer"),
    Case(
        "attributes in another order",
        "CREATE TYPE y AS (a int, b text);",
        "DROP TYPE y; CREATE TYPE y AS (b text, a int)",
        "type {k}.y is another",
    ),
    Case("range lost", "CREATE TYPE r AS RANGE (SUBTYPE = int);", "DROP TYPE r", "type {k}.r is missing"),
    Case(
        "range of another subtype",
        "CREATE TYPE r AS RANGE (SUBTYPE = int);",
        "DROP TYPE r; CREATE TYPE r AS RANGE (SUBTYPE = bigint)",
        "bigint",
    ),
    Case(
        "base type left",
        "",
        "CREATE TYPE z; CREATE FUNCTION zin(cstring) RETURNS z LANGUAGE internal IMMUTABLE STRICT AS 'int4in';"
        "CREATE FUNCTION zout(z) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'int4out'; CREATE TYPE z (INPUT = zin, OUTPUT = zout, LIKE = int4)",
        "type {k}.z was not there before",
    ),
    Case("shell type left", "", "CREATE TYPE z", "{k}.z was not there before"),
    Case(
        "type owner", "CREATE TYPE e AS ENUM ('x');", "CREATE ROLE {k}_o; ALTER TYPE e OWNER TO {k}_o", "OWNER TO {k}_o"
    ),
    Case("type grant", "CREATE TYPE e AS ENUM ('x');", "REVOKE USAGE ON TYPE e FROM PUBLIC", "REVOKE ALL ON TYPE"),
    Case(
        "cast left",
        "CREATE TYPE y AS (a int); CREATE FUNCTION f(y) RETURNS bigint LANGUAGE sql AS 'SELECT 1::bigint';",
        "CREATE CAST (y AS bigint) WITH FUNCTION f(y)",
        "cast",
    ),
    Case(
        "cast context",
        "CREATE TYPE y AS (a int); CREATE FUNCTION f(y) RETURNS bigint LANGUAGE sql AS 'SELECT 1::bigint'; CREATE CAST (y AS bigint) WITH FUNCTION f(y);",
        "DROP CAST (y AS bigint); CREATE CAST (y AS bigint) WITH FUNCTION f(y) AS IMPLICIT",
        "AS IMPLICIT",
    ),
    Case("collation left", "", 'CREATE COLLATION c FROM "POSIX"', "collation {k}.c was not there before"),
    Case(
        "collation version",
        'CREATE COLLATION c FROM "POSIX";',
        "UPDATE pg_catalog.pg_collation SET collversion = '9' WHERE collname = 'c' AND collnamespace = '{k}'::regnamespace",
        "collation version {k}.c",
    ),
    Case(
        "conversion left",
        "",
        "CREATE CONVERSION n FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8",
        "conversion {k}.n was not there before",
    ),
    Case("operator lost", OPERATOR, "DROP OPERATOR === (int, int)", "operator {k}.=== is missing"),
    Case("operator changed", OPERATOR, "ALTER OPERATOR === (int, int) SET (RESTRICT = eqsel)", "RESTRICT"),
    Case("operator class lost", CLASS, "DROP OPERATOR CLASS x USING btree", "operator class {k}.x is missing"),
    Case("operator family lost", CLASS, "DROP OPERATOR FAMILY y USING btree", "operator family {k}.y is missing"),
    Case(
        "operator family wider",
        CLASS,
        "ALTER OPERATOR FAMILY y USING btree ADD FUNCTION 1 (int4, int8) btint48cmp(int4, int8)",
        "btint48cmp",
    ),
    Case(
        "access method left",
        "",
        "CREATE ACCESS METHOD {k}_m TYPE INDEX HANDLER bthandler",
        "access method {k}_m was not there before",
    ),
    Case("text search dictionary", SEARCH, "ALTER TEXT SEARCH DICTIONARY d (accept = false)", "accept"),
    Case(
        "text search dictionary lost",
        SEARCH,
        "DROP TEXT SEARCH DICTIONARY d",
        "text search dictionary {k}.d is missing",
    ),
    Case("text search mapping", SEARCH, "ALTER TEXT SEARCH CONFIGURATION c DROP MAPPING FOR email", "email"),
    Case(
        "text search configuration lost",
        SEARCH,
        "DROP TEXT SEARCH CONFIGURATION c",
        "text search configuration {k}.c is missing",
    ),
    Case(
        "text search parser left",
        "",
        "CREATE TEXT SEARCH PARSER p (START = prsd_start, GETTOKEN = prsd_nexttoken, END = prsd_end, LEXTYPES = prsd_lextype)",
        "text search parser {k}.p was not there before",
    ),
    Case(
        "text search template left",
        "",
        "CREATE TEXT SEARCH TEMPLATE p (LEXIZE = dsimple_lexize)",
        "text search template {k}.p was not there before",
    ),
)
FOREIGN = (
    Case(
        "foreign data wrapper left",
        "",
        "CREATE FOREIGN DATA WRAPPER {k}_w",
        "foreign data wrapper {k}_w was not there before",
    ),
    Case("foreign server option", SERVER, "ALTER SERVER {k}_s OPTIONS (SET host 'new')", "server {k}_s is another"),
    Case("foreign table option", SERVER, "ALTER FOREIGN TABLE t OPTIONS (SET name 'y')", "name 'y'"),
    Case("foreign column option", SERVER, "ALTER FOREIGN TABLE t ALTER a OPTIONS (ADD n 'y')", "n 'y'"),
    Case("foreign table lost", SERVER, "DROP FOREIGN TABLE t", "foreign table {k}.t is missing"),
    Case("user mapping lost", MAPPING, "DROP USER MAPPING FOR {k}_r SERVER {k}_s", "user mapping"),
    Case(
        "user mapping changed",
        MAPPING,
        "ALTER USER MAPPING FOR {k}_r SERVER {k}_s OPTIONS (SET password 'open')",
        "may hold a password",
    ),
    Case(
        "server grant",
        SERVER,
        "CREATE ROLE {k}_r; GRANT USAGE ON FOREIGN SERVER {k}_s TO {k}_r",
        "GRANT ALL ON FOREIGN SERVER",
    ),
)
REPLICATION = (
    Case(
        "publication lost",
        f"{T} CREATE PUBLICATION {{k}}_p FOR TABLE t;",
        "DROP PUBLICATION {k}_p",
        "publication {k}_p is missing",
    ),
    Case(
        "publication member",
        f"{T} CREATE PUBLICATION {{k}}_p FOR TABLE t;",
        "ALTER PUBLICATION {k}_p DROP TABLE t",
        "publication table {k}.{k}_p t is missing",
    ),
    Case(
        "publication columns",
        f"{T} CREATE PUBLICATION {{k}}_p FOR TABLE t;",
        "ALTER PUBLICATION {k}_p SET TABLE t (a)",
        "t (a)",
        since=15,
    ),
    Case(
        "publication rows",
        f"{T} CREATE PUBLICATION {{k}}_p FOR TABLE t;",
        "ALTER PUBLICATION {k}_p SET TABLE t WHERE (a > 0)",
        "a > 0",
        since=15,
    ),
    Case(
        "publication of a schema",
        "CREATE PUBLICATION {k}_p;",
        "ALTER PUBLICATION {k}_p ADD TABLES IN SCHEMA {k}",
        "TABLES IN SCHEMA",
        since=15,
    ),
    Case(
        "publication operations",
        "CREATE PUBLICATION {k}_p;",
        "ALTER PUBLICATION {k}_p SET (publish = 'insert')",
        "publish = 'insert'",
    ),
    Case(
        "subscription lost",
        SUBSCRIPTION,
        "ALTER SUBSCRIPTION {k}_sub SET (slot_name = NONE); DROP SUBSCRIPTION {k}_sub",
        "subscription {k}_sub is missing",
    ),
    Case(
        "subscription changed",
        SUBSCRIPTION,
        "ALTER SUBSCRIPTION {k}_sub SET (binary = true)",
        "subscription {k}_sub is another",
    ),
    Case(
        "subscription switched on",
        SUBSCRIPTION,
        "ALTER SUBSCRIPTION {k}_sub ENABLE; ALTER SUBSCRIPTION {k}_sub DISABLE;"
        " UPDATE pg_catalog.pg_subscription SET subenabled = true WHERE subname = '{k}_sub'",
        "enabled",
    ),
    Case(
        "table of a subscription",
        f"{T} {SUBSCRIPTION}",
        "INSERT INTO pg_catalog.pg_subscription_rel (srsubid, srrelid, srsubstate)"
        " SELECT s.oid, '{k}.t'::regclass, 'i' FROM pg_catalog.pg_subscription AS s WHERE subname = '{k}_sub'",
        "subscribed table {k}_sub",
    ),
    Case(
        "replication origin left",
        "",
        "SELECT pg_catalog.pg_replication_origin_create('{k}_o')",
        "replication origin {k}_o was not there before",
    ),
    Case("replication slot left", "", "SELECT pg_catalog.pg_create_physical_replication_slot('{k}_x')", "exact", EXACT),
)
SHARED = (
    Case(
        "setting of the server",
        "",
        "ALTER SYSTEM SET work_mem = '1MB'",
        "server setting work_mem was not there before",
        elsewhere=(("SERVER SETTING", "work_mem"),),
    ),
    Case(
        "setting of a role in the database",
        "CREATE ROLE {k}_r;",
        "ALTER ROLE {k}_r IN DATABASE {database} SET work_mem = '2MB'",
        "settings role {k}_r in this database",
    ),
    Case(
        "membership without inheriting",
        "CREATE ROLE {k}_r; CREATE ROLE {k}_g; GRANT {k}_g TO {k}_r;",
        "GRANT {k}_g TO {k}_r WITH INHERIT FALSE",
        '"inherit_option": false',
        since=16,
    ),
    Case("publication of all tables", "", "CREATE PUBLICATION {k}_p FOR ALL TABLES", "FOR ALL TABLES"),
    Case(
        "policy restrictive",
        f"{T} CREATE POLICY o ON t USING (a > 0);",
        "DROP POLICY o ON t; CREATE POLICY o ON t AS RESTRICTIVE USING (a > 0)",
        "AS RESTRICTIVE",
    ),
    Case(
        "policy for writing",
        f"{T} CREATE POLICY o ON t USING (a > 0);",
        "ALTER POLICY o ON t WITH CHECK (a > 1)",
        "WITH CHECK",
    ),
    Case(
        "partition being detached",
        "CREATE TABLE t (a int) PARTITION BY LIST (a); CREATE TABLE t1 PARTITION OF t FOR VALUES IN (1);",
        "UPDATE pg_catalog.pg_inherits SET inhdetachpending = true WHERE inhrelid = '{k}.t1'::regclass",
        "detaching {k}.t1",
        since=14,
    ),
    Case("schema left", "", "CREATE SCHEMA {k}_z", "schema {k}_z was not there before"),
    Case("schema owner", "CREATE ROLE {k}_o;", "ALTER SCHEMA {k} OWNER TO {k}_o", "OWNER TO {k}_o"),
    Case("schema grant", "CREATE ROLE {k}_o;", "GRANT USAGE ON SCHEMA {k} TO {k}_o", "GRANT USAGE ON SCHEMA"),
    Case(
        "default privileges",
        "CREATE ROLE {k}_r;",
        "ALTER DEFAULT PRIVILEGES IN SCHEMA {k} GRANT SELECT ON TABLES TO {k}_r",
        "GRANT SELECT ON TABLES",
    ),
    Case(
        "default privileges of a role",
        "CREATE ROLE {k}_r;",
        "ALTER DEFAULT PRIVILEGES FOR ROLE {k}_r REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC",
        "DEFAULT PRIVILEGES FOR FUNCTIONS of {k}_r",
    ),
    Case("role left", "", "CREATE ROLE {k}_r", "role {k}_r was not there before"),
    Case("role attribute", "CREATE ROLE {k}_r;", "ALTER ROLE {k}_r CREATEDB", '"rolcreatedb": true'),
    Case(
        "role member", "CREATE ROLE {k}_r; CREATE ROLE {k}_g;", "GRANT {k}_g TO {k}_r", "role membership {k}_r in {k}_g"
    ),
    Case(
        "role member's option",
        "CREATE ROLE {k}_r; CREATE ROLE {k}_g; GRANT {k}_g TO {k}_r;",
        "GRANT {k}_g TO {k}_r WITH ADMIN OPTION",
        '"admin_option": true',
    ),
    Case("setting of a role", "CREATE ROLE {k}_r;", "ALTER ROLE {k}_r SET work_mem = '1MB'", "settings role {k}_r"),
    Case("comment on a role", "CREATE ROLE {k}_r;", "COMMENT ON ROLE {k}_r IS 'said'", "comment role {k}_r"),
    Case(
        "setting of the database",
        "",
        "ALTER DATABASE {database} SET work_mem = '1MB'",
        "settings this database",
        elsewhere=(("SETTINGS", "this database"),),
    ),
    Case(
        "database grant",
        "",
        "REVOKE CONNECT ON DATABASE {database} FROM PUBLIC",
        "database this database is another",
        elsewhere=(("DATABASE", "this database"),),
    ),
    Case(
        "comment on the database",
        "",
        "COMMENT ON DATABASE {database} IS 'said'",
        "comment this database",
        elsewhere=(("COMMENT", "this database"),),
    ),
    Case(
        "privilege on a parameter",
        "CREATE ROLE {k}_r;",
        "GRANT SET ON PARAMETER wal_compression TO {k}_r",
        "parameter acl wal_compression",
        since=15,
        elsewhere=(("PARAMETER ACL", "wal_compression"),),
    ),
    Case(
        "tablespace option",
        "",
        "ALTER TABLESPACE pg_default SET (seq_page_cost = 2)",
        "seq_page_cost=2",
        elsewhere=(("TABLESPACE", "pg_default"),),
    ),
    Case(
        "security label",
        T,
        "INSERT INTO pg_catalog.pg_seclabel VALUES ('{k}.t'::regclass, 'pg_catalog.pg_class'::regclass, 0, 'dummy', 'secret')",
        "SECURITY LABEL",
    ),
    Case(
        "security label of a role",
        "CREATE ROLE {k}_r;",
        "INSERT INTO pg_catalog.pg_shseclabel VALUES ('{k}_r'::regrole, 'pg_catalog.pg_authid'::regclass, 'dummy', 'secret')",
        "security label by dummy role {k}_r",
    ),
    Case(
        "large object left",
        "",
        "SELECT pg_catalog.lo_create(424242)",
        "large objects",
        elsewhere=(("LARGE OBJECTS", "all large objects"),),
    ),
    Case(
        "extension lost",
        "",
        "DROP EXTENSION vector",
        "extension vector is missing",
        elsewhere=(
            ("EXTENSION", "vector"),
            ("EXTENSION VERSION", "vector"),
            ("EXTENSION MEMBERS", "vector"),
            ("COMMENT", "EXTENSION vector"),
        ),
    ),
    Case(
        "what belongs to an extension",
        F,
        "ALTER EXTENSION plpgsql ADD FUNCTION {k}.f()",
        "extension members plpgsql is another",
        elsewhere=(("EXTENSION MEMBERS", "plpgsql"),),
    ),
    Case(
        "version of an extension",
        "",
        "UPDATE pg_catalog.pg_extension SET extversion = '9' WHERE extname = 'plpgsql'",
        "version 9",
        elsewhere=(("EXTENSION VERSION", "plpgsql"),),
    ),
    Case(
        "function in a system schema",
        "",
        "CREATE FUNCTION pg_catalog.{k}_f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "in a system schema function pg_catalog.{k}_f()",
    ),
    Case(
        "table in a system schema",
        "CREATE TABLE information_schema.{k}_t (a int);",
        "ALTER TABLE information_schema.{k}_t ADD b text; GRANT SELECT ON information_schema.{k}_t TO PUBLIC",
        "a integer f, b text f",
    ),
    Case(
        "function of the system's",
        "",
        "ALTER FUNCTION pg_catalog.pi() COST 7",
        "system objects functions",
        elsewhere=(("SYSTEM OBJECTS", "functions"),),
    ),
    Case(
        "comment on a function of the system's",
        "",
        "COMMENT ON FUNCTION pg_catalog.pi() IS 'said'",
        "system objects comments",
        elsewhere=(("SYSTEM OBJECTS", "comments"),),
    ),
    Case(
        "privilege on a function of the system's",
        "",
        "REVOKE EXECUTE ON FUNCTION pg_catalog.pi() FROM PUBLIC",
        "FUNCTION pg_catalog.pi()",
        elsewhere=(("ACL", "pg_catalog.FUNCTION pi()"),),
    ),
    Case("nothing at all", T, "SELECT 1", "exact", EXACT),
)
CASES = (*ROUTINES, *VIEWS, *TYPES, *FOREIGN, *REPLICATION, *SHARED)
