"""Tables of every key type and shape that backfills meet, and somebody who writes to them meanwhile."""

import random
import threading
from dataclasses import dataclass, field

import psycopg

COLUMNS = "v int NOT NULL DEFAULT 0, pad text NOT NULL DEFAULT 'p', x int, n int NOT NULL DEFAULT 0"
"""What every shape has: x is to be set to v, n tells how often; the trigger is the dual-write."""
DUAL_WRITE = """
CREATE FUNCTION fill_x() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        NEW.x := NEW.v; NEW.n := 1;
    ELSIF NEW.v IS DISTINCT FROM OLD.v THEN
        NEW.x := NEW.v; NEW.n := 1;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER fill_x BEFORE INSERT OR UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION fill_x();
"""


@dataclass(frozen=True, slots=True)
class Shape:
    """A table, and how it gets its rows before the dual-write is there."""

    table: str
    create: tuple[str, ...]
    insert: str
    """Rows of numbers `g` from generate_series; {rows}."""
    key: tuple[str, ...] = ()
    """What the plan names."""
    keyless: bool = False
    rows: int = 3000
    session: str = ""
    """Settings of the database."""


def of_type(kind: str, value: str, **more: object) -> Shape:
    """A table whose key has that type; `value` makes one from the number g."""
    return Shape(
        "t",
        (f"CREATE TABLE t (id {kind} PRIMARY KEY, {COLUMNS})",),
        f"INSERT INTO t (id, v) SELECT {value}, g % 100 FROM generate_series(1, {{rows}}) AS g",
        **more,  # type: ignore[arg-type]
    )


def with_columns(table: str, columns: str, *statements: str, insert: str, **more: object) -> Shape:
    """A table of its own making."""
    return Shape(table, (f"CREATE TABLE {table} ({columns}, {COLUMNS})", *statements), insert, **more)  # type: ignore[arg-type]


def partitioned(by: str, *partitions: str) -> Shape:
    """A table in partitions."""
    return Shape(
        "t",
        (
            f"CREATE TABLE t (id int NOT NULL, d int NOT NULL, {COLUMNS}, PRIMARY KEY (id, d)) PARTITION BY {by}",
            *partitions,
        ),
        "INSERT INTO t (id, d, v) SELECT g, g % 30, g % 100 FROM generate_series(1, {rows}) AS g",
    )


PAIRS = "INSERT INTO t (a, b, v) SELECT g % 40, 'b' || g, g % 100 FROM generate_series(1, {rows}) AS g"
IDS = "INSERT INTO t (id, v) SELECT g, g % 100 FROM generate_series(1, {rows}) AS g"
OTHER_COLUMN_ORDER = (
    "CREATE TABLE later (gone int, n int NOT NULL DEFAULT 0, x int, pad text NOT NULL DEFAULT 'p',"
    " v int NOT NULL DEFAULT 0, d int NOT NULL, id int NOT NULL, PRIMARY KEY (id, d))",
    "ALTER TABLE later DROP COLUMN gone",
    "ALTER TABLE t ATTACH PARTITION later FOR VALUES FROM (20) TO (30)",
)

SHAPES = {
    "bigint": of_type("bigint", "g"),
    "negative": of_type("bigint", "g - 1500"),
    "ends of bigint": of_type(
        "bigint", "CASE WHEN g % 2 = 0 THEN 9223372036854775807 - g ELSE -9223372036854775808 + g END"
    ),
    "smallint": of_type("smallint", "g - 1500"),
    "sparse": of_type("bigint", "g * 1000000007::bigint"),
    "skewed": of_type("bigint", "CASE WHEN g > 30 THEN g ELSE g * 1000000000::bigint END"),
    "uuid": of_type("uuid", "md5(g::text)::uuid"),
    "text": of_type("text", "chr(97 + g % 26) || g || CASE g % 3 WHEN 0 THEN 'é' WHEN 1 THEN 'É' ELSE '' END"),
    "text C": of_type('text COLLATE "C"', "chr(65 + g % 58) || g"),
    "text unicode": of_type('text COLLATE "pg_unicode_fast"', "chr(97 + g % 26) || g || chr(228 + g % 20)"),
    "numeric": of_type("numeric", "g / 7.0"),
    "date": of_type("date", "date '1990-01-01' + g", session="DateStyle = 'German, DMY'"),
    "timestamptz": of_type(
        "timestamptz",
        "CASE g WHEN 1 THEN 'infinity' WHEN 2 THEN '-infinity' ELSE '2026-03-29'::timestamptz + g * interval '1.000001 s' END",
        session="TimeZone = 'Asia/Kathmandu'",
    ),
    "bytea": of_type("bytea", "decode(md5(g::text), 'hex')"),
    "domain": Shape(
        "t",
        ("CREATE DOMAIN code AS int CHECK (VALUE > 0)", f"CREATE TABLE t (id code PRIMARY KEY, {COLUMNS})"),
        IDS,
    ),
    "enum and int": Shape(
        "t",
        (
            "CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy')",
            f"CREATE TABLE t (a mood, b int, {COLUMNS}, PRIMARY KEY (a, b))",
        ),
        "INSERT INTO t (a, b, v) SELECT (ARRAY['happy', 'sad', 'ok'])[1 + g % 3]::mood, g, g % 100"
        " FROM generate_series(1, {rows}) AS g",
    ),
    "composite": with_columns("t", "a int, b text, PRIMARY KEY (a, b)", insert=PAIRS),
    "descending": with_columns(
        "t", "a int NOT NULL, b text NOT NULL", "CREATE UNIQUE INDEX ON t (a DESC, b DESC)", insert=PAIRS
    ),
    "mixed directions": with_columns(
        "t", "a int NOT NULL, b text NOT NULL", "CREATE UNIQUE INDEX ON t (a, b DESC)", insert=PAIRS
    ),
    "collation of the index": with_columns(
        "t",
        "id text NOT NULL",
        'CREATE UNIQUE INDEX ON t (id COLLATE "C")',
        insert="INSERT INTO t (id, v) SELECT chr(65 + g % 58) || g, g % 100 FROM generate_series(1, {rows}) AS g",
    ),
    "quoted": Shape(
        '"Weird Table"',
        (f'CREATE TABLE "Weird Table" ("Odd Id" int PRIMARY KEY, {COLUMNS})',),
        'INSERT INTO "Weird Table" ("Odd Id", v) SELECT g, g % 100 FROM generate_series(1, {rows}) AS g',
    ),
    "key with nulls": with_columns(
        "t",
        "id int UNIQUE",
        insert="INSERT INTO t (id, v) SELECT CASE WHEN g % 5 > 0 THEN g END, g % 100 FROM generate_series(1, {rows}) AS g",
        key=("id",),
        keyless=True,
    ),
    "no key": with_columns("t", "id int", insert=IDS, keyless=True),
    "one row": of_type("int", "g", rows=1),
    "empty": of_type("int", "g", rows=0),
    "fillfactor": Shape("t", (f"CREATE TABLE t (id int PRIMARY KEY, {COLUMNS}) WITH (fillfactor = 70)",), IDS),
    "wide": Shape(
        "t",
        (
            f"CREATE TABLE t (id int PRIMARY KEY, {COLUMNS}, toasted text)",
            "ALTER TABLE t ALTER toasted SET STORAGE EXTERNAL",
        ),
        "INSERT INTO t (id, v, pad, toasted) SELECT g, g % 100, repeat('w', 900), repeat(md5(g::text), 120)"
        " FROM generate_series(1, {rows}) AS g",
        rows=600,
    ),
    "generated column": Shape(
        "t", (f"CREATE TABLE t (id int PRIMARY KEY, {COLUMNS}, twice int GENERATED ALWAYS AS (v * 2) STORED)",), IDS
    ),
    "indexed column": with_columns("t", "id int PRIMARY KEY", "CREATE INDEX ON t (x)", insert=IDS),
    "range partitions": partitioned(
        "RANGE (d)",
        "CREATE TABLE t_1 PARTITION OF t FOR VALUES FROM (0) TO (10)",
        'CREATE TABLE "T 2" PARTITION OF t FOR VALUES FROM (10) TO (20)',
        *OTHER_COLUMN_ORDER,
        "CREATE TABLE t_empty PARTITION OF t FOR VALUES FROM (90) TO (99)",
    ),
    "list partitions": partitioned(
        "LIST (d)",
        "CREATE TABLE t_1 PARTITION OF t FOR VALUES IN (0, 1, 2, 3)",
        "CREATE TABLE t_2 PARTITION OF t DEFAULT",
    ),
    "hash in range": partitioned(
        "RANGE (d)",
        "CREATE TABLE t_1 PARTITION OF t FOR VALUES FROM (0) TO (15) PARTITION BY HASH (id)",
        "CREATE TABLE t_1a PARTITION OF t_1 FOR VALUES WITH (MODULUS 2, REMAINDER 0)",
        "CREATE TABLE t_1b PARTITION OF t_1 FOR VALUES WITH (MODULUS 2, REMAINDER 1)",
        "CREATE TABLE t_2 PARTITION OF t FOR VALUES FROM (15) TO (99)",
    ),
    "inherited": with_columns(
        "t",
        "id int PRIMARY KEY",
        "CREATE TABLE t_child (PRIMARY KEY (id)) INHERITS (t)",
        "INSERT INTO t_child (id, v) SELECT g, g % 100 FROM generate_series(100001, 101000) AS g",
        insert=IDS,
    ),
}


@dataclass
class Writer:
    """An application that goes on changing, moving and deleting rows until it is stopped."""

    dsn: str
    table: str
    only_moves: bool = False
    """It changes only the size of rows, so that they leave their pages."""
    changed: int = 0
    wrong: list[Exception] = field(default_factory=list)
    _ended: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> "Writer":
        self._thread = threading.Thread(target=self._run)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _run(self) -> None:
        chance = random.Random(7)
        with psycopg.connect(self.dsn, autocommit=True, application_name="the application") as connection:
            while not self._ended.is_set():
                try:
                    self.changed += self._write(connection, chance)
                except psycopg.errors.DeadlockDetected:
                    continue
                except psycopg.Error as error:
                    self.wrong.append(error)
                    return

    def _write(self, connection: psycopg.Connection[tuple[object]], chance: random.Random) -> int:
        some = f"ctid IN (SELECT ctid FROM {self.table} TABLESAMPLE SYSTEM (20) LIMIT 5)"
        match 0 if self.only_moves else chance.randrange(3):
            case 0:
                sql = f"UPDATE {self.table} SET pad = pad || repeat('q', %s) WHERE {some} AND length(pad) < 2000"
                return connection.execute(sql.encode(), [chance.randrange(1, 200)]).rowcount
            case 1:
                sql = f"UPDATE {self.table} SET v = %s WHERE {some}"
                return connection.execute(sql.encode(), [chance.randrange(1000, 2000)]).rowcount
            case _:
                return connection.execute(f"DELETE FROM {self.table} WHERE {some} AND v % 50 = 49".encode()).rowcount
