"""What is drafted loads, is stopped by nothing, and reads as it should; what cannot be made safe is said."""

from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from zdtui.cli import cli
from zdtui.draft.draft import draft_plan
from zdtui.draft.drafted import DraftError
from zdtui.draft.known import Known
from zdtui.draft.of_sql import known_of_sql
from zdtui.hazards.find import findings_of_plan
from zdtui.hazards.hazard import Severity
from zdtui.plan.load import parse_plan
from zdtui.plan.model import Phase, Plan

SCHEMA = """
CREATE TABLE users (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL, "Mixed Case" text, age int);
CREATE TABLE orders (id int PRIMARY KEY, user_id bigint, total int NOT NULL DEFAULT 0, code varchar(10));
CREATE TABLE prices (price numeric(10,2));
CREATE TYPE mood AS ENUM ('sad', 'odd one');
CREATE TABLE feelings (mood mood NOT NULL DEFAULT 'sad');
CREATE INDEX orders_code ON orders (code);
CREATE VIEW cheap AS SELECT price FROM prices;
CREATE TABLE log (at date, what text) PARTITION BY RANGE (at);
CREATE TABLE log_1 PARTITION OF log FOR VALUES FROM ('2026-01-01') TO ('2026-07-01');
ALTER TABLE orders ADD CONSTRAINT orders_user_id_fkey FOREIGN KEY (user_id) REFERENCES users;
"""
ASKED = [
    "ALTER TABLE users ALTER COLUMN age SET NOT NULL",
    'ALTER TABLE users ALTER COLUMN "Mixed Case" SET NOT NULL',
    'ALTER TABLE users RENAME COLUMN "Mixed Case" TO "Sélect"',
    "ALTER TABLE public.users RENAME COLUMN age TO years",
    "ALTER TABLE orders ALTER total TYPE bigint",
    "ALTER TABLE orders ADD CONSTRAINT \"odd name\" CHECK (total > 0 AND code <> 'it''s')",
    "ALTER TABLE log ADD CHECK (what <> '')",
    "ALTER TABLE users ADD UNIQUE (name, age)",
    "CREATE INDEX ON log (what)",
    "CREATE INDEX IF NOT EXISTS i ON orders ((total * 2)) WHERE total > 3",
    "ALTER TABLE orders DROP COLUMN total",
    "DROP TABLE log",
    "ALTER TABLE orders ADD COLUMN at timestamptz NOT NULL DEFAULT clock_timestamp(), ALTER COLUMN total SET DEFAULT 1",
    "ALTER TABLE orders ADD COLUMN a int, ADD COLUMN b int; CREATE INDEX ON orders (a); CREATE INDEX ON orders (b)",
    "ALTER TABLE orders ALTER COLUMN total DROP DEFAULT, ALTER COLUMN code SET DEFAULT 'x'",
    'ALTER TABLE orders ALTER code TYPE text COLLATE "C"',
    "ALTER TABLE orders ALTER id TYPE bigint",
    "ALTER TABLE orders ADD COLUMN g int NOT NULL GENERATED ALWAYS AS (total * 2) STORED",
    "ALTER TYPE mood ADD VALUE 'it''s'",
    "ALTER TYPE mood RENAME VALUE 'sad' TO 'glad'; ALTER TYPE mood DROP VALUE 'odd one'",
    'ALTER TABLE users REPLACE COLUMNS name, "Mixed Case" BY "Sélect" text NOT NULL AS (name || "Mixed Case")'
    ' BACK name AS ("Sélect"), "Mixed Case" AS (NULL)',
    'ALTER TABLE users MOVE COLUMNS (age, "Mixed Case") TO public."More of Them"',
    "ALTER TABLE orders PARTITION BY RANGE (id) FROM (MINVALUE) TO (1000)",
    "BEGIN; COMMENT ON TABLE users IS 'people'; COMMIT",
]


def drafted(sql: str, known: Known | None = None) -> Plan:
    return parse_plan(
        draft_plan(sql, known_of_sql(SCHEMA, 16, "schema.sql") if known is None else known).text, "d.yaml"
    )


@pytest.mark.parametrize("version", [14, 16, 18])
@pytest.mark.parametrize("sql", ASKED)
def test_a_draft_loads_and_check_stops_nothing_of_it(sql: str, version: int) -> None:
    plan = drafted(sql, known_of_sql(SCHEMA, version, "schema.sql"))
    stops = [
        f"{finding.place.step}: {hazard.rule}"
        for finding in findings_of_plan(plan, version=version)
        for hazard in finding.hazards
        if hazard.severity is Severity.STOP and hazard.silenced is None
    ]
    assert stops == []
    phases = [list(Phase).index(step.phase) for step in plan.steps]
    assert phases == sorted(phases)
    assert all(step.rollback for step in plan.steps)


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("", "there is no statement"),
        ("alter tabel x", "cannot be read"),
        ("ALTER TABLE users RENAME COLUMN id TO key", "the server itself fills id"),
        ("ALTER TABLE orders RENAME COLUMN code TO c", "the index orders_code would stay with the old column"),
        ("ALTER TABLE prices RENAME COLUMN price TO p", "the view .*cheap would stay"),
        ("ALTER TABLE orders ALTER COLUMN user_id TYPE numeric", "the foreign key orders_user_id_fkey"),
        ("ALTER TABLE orders ALTER total TYPE numeric USING total / 100.0", "the same name would mean another value"),
        ("ALTER TABLE orders ADD PRIMARY KEY (total)", "orders has a primary key already"),
        ("ALTER TABLE orders ADD EXCLUDE USING gist (code WITH =)", "no server builds an exclusion constraint beside"),
        ("ALTER TABLE log ADD FOREIGN KEY (what) REFERENCES orders (code)", "log is partitioned"),
        ("ALTER TABLE log ADD UNIQUE (at)", "log is partitioned"),
        ("ALTER TABLE orders ADD COLUMN n serial", "each row needs a number of its own"),
        ("ALTER TABLE orders ADD COLUMN u int UNIQUE", "ask for the column alone"),
        ("DROP TABLE users", "refer to users"),
        ("DROP INDEX orders_pkey", "belongs to the constraint"),
        ("VACUUM FULL orders", "from 19 on REPACK .CONCURRENTLY. does not, and pg_repack may be installed"),
        ("ALTER TABLE users ALTER name SET NOT NULL", "users.name is NOT NULL already"),
        ("VACUUM FULL", "ask for one table at a time"),
        (
            "ALTER TABLE orders REPLACE COLUMN total BY t int AS (total + code) BACK total AS (t)",
            "made of code as well",
        ),
        ("ALTER TABLE orders REPLACE COLUMN total BY t int AS (total) BACK code AS (t)", "BACK has to say what each"),
        ("ALTER TABLE orders REPLACE COLUMN total BY t AS (total) BACK total AS (t)", "t needs a type"),
        ("ALTER TABLE orders REPLACE COLUMN total", "there is no BY"),
        ("ALTER TABLE orders MOVE COLUMNS (id, code) TO more", "id is part of the primary key"),
        ("ALTER TABLE orders MOVE COLUMNS (code) TO users", "there is a users already"),
        (
            "ALTER TABLE users PARTITION BY RANGE (age) FROM (0) TO (200)",
            "the foreign key orders_user_id_fkey of orders",
        ),
        ("ALTER TABLE orders PARTITION BY HASH (id)", "adopted as one partition by RANGE"),
        ("ALTER TYPE nothing RENAME VALUE 'a' TO 'b'", "no column is of the type nothing"),
        ("ALTER TYPE mood DROP VALUE", "which value"),
        ("UPDATE orders SET total = 0", "every row|all the rows|whole table"),
        ("TRUNCATE orders", "truncate"),
    ],
)
def test_what_cannot_be_made_safe_is_said_with_its_reason(sql: str, said: str) -> None:
    with pytest.raises(DraftError, match=said):
        drafted(sql)


def test_a_table_is_written_anew_by_the_server_or_an_extension() -> None:
    known = known_of_sql(SCHEMA, 19, "schema.sql")
    assert (
        "REPACK (CONCURRENTLY) orders USING INDEX orders_code"
        in drafted("CLUSTER orders USING orders_code", known).source
    )
    with_it = replace(known_of_sql(SCHEMA, 17, "schema.sql"), extensions=frozenset({"pg_repack"}))
    assert "pg_repack --table orders --no-order" in drafted("VACUUM FULL orders", with_it).source
    assert '--order-by "code"' in drafted("CLUSTER orders USING orders_code", with_it).source


def test_what_takes_a_column_along_is_not_drafted_twice() -> None:
    schema = known_of_sql("CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE b (a int REFERENCES a);", 18, "schema.sql")
    both = "ALTER TABLE a ALTER id TYPE bigint; ALTER TABLE b ALTER a TYPE bigint"
    assert [step.id for step in drafted(both, schema).steps] == [
        step.id for step in drafted("ALTER TABLE a ALTER id TYPE bigint", schema).steps
    ]


def test_a_key_that_no_index_begins_with_is_asked_for_values_past_its_type_by_an_index_of_its_own() -> None:
    schema = known_of_sql("CREATE TABLE t (org int, id smallint, PRIMARY KEY (org, id));", 18, "schema.sql")
    text = drafted("ALTER TABLE t ALTER id TYPE int", schema).source
    assert "CREATE INDEX CONCURRENTLY t_id_past ON t (id_new) WHERE id_new > 32767" in text
    assert "NEW.id_old := CASE WHEN NEW.id > 32767 THEN NEW.id - 65536 ELSE NEW.id END" in text
    assert "SELECT max(id)::smallint AS the_greatest_fits_smallint FROM t WHERE id > 32767" in text


def test_what_has_to_be_known_is_asked_for() -> None:
    with pytest.raises(DraftError, match=r"the type of t\.a is not known here: give --dsn or --schema"):
        drafted("ALTER TABLE t RENAME COLUMN a TO b", Known())


def test_what_nobody_knows_is_said_in_the_plan() -> None:
    text = draft_plan("ALTER TABLE t ADD FOREIGN KEY (u) REFERENCES users (id)", Known()).text
    assert "Nothing was known of the tables" in text
    assert "that is not known here" in text


def test_a_column_that_is_never_null_stays_so_under_its_new_name_and_keeps_its_default() -> None:
    plan = drafted("ALTER TABLE orders RENAME COLUMN total TO amount")
    text = plan.source
    assert "ALTER COLUMN amount SET NOT NULL" in text
    assert "ALTER COLUMN amount SET DEFAULT 0" in text


def test_the_command_writes_a_plan_and_never_over_one(tmp_path: Path) -> None:
    (tmp_path / "schema.sql").write_text(SCHEMA)
    (tmp_path / "change.sql").write_text("ALTER TABLE users ALTER COLUMN age SET NOT NULL;")
    words = ["draft", str(tmp_path / "change.sql"), "--schema", str(tmp_path / "schema.sql"), "-o"]
    runner = CliRunner()
    done = runner.invoke(cli, [*words, str(tmp_path / "plan.yaml")])
    assert done.exit_code == 0
    assert "for you to decide: Which value rows of users get whose age is NULL" in done.stderr
    before = (tmp_path / "plan.yaml").read_text()
    assert parse_plan(before, "plan.yaml").steps
    again = runner.invoke(cli, [*words, str(tmp_path / "plan.yaml")])
    assert "is there already" in str(again.exception)
    assert (tmp_path / "plan.yaml").read_text() == before


def test_a_collation_that_no_index_sorts_by_changes_at_once_and_is_not_forgotten() -> None:
    text = drafted('ALTER TABLE users ALTER name TYPE text COLLATE "C"').source
    assert 'ALTER COLUMN name TYPE text COLLATE "C"' in text


def test_a_statement_comes_in_by_the_standard_input() -> None:
    done = CliRunner().invoke(cli, ["draft", "-"], input="CREATE INDEX ON t (a)")
    assert "CREATE INDEX CONCURRENTLY t_a_idx ON t USING btree (a)" in done.stdout


def test_a_table_that_is_not_there_is_no_table_without_partitions() -> None:
    with pytest.raises(DraftError, match=r"there is no nowhere in schema\.sql: check the name and its schema"):
        drafted("CREATE INDEX ON nowhere (a)")


def test_what_a_statement_before_it_made_is_there() -> None:
    text = drafted("CREATE TABLE fresh (a int); CREATE INDEX ON fresh (a)").source
    assert "CREATE INDEX CONCURRENTLY fresh_a_idx ON fresh" in text


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("ALTER TABLE users ADD UNIQUE (name) DEFERRABLE", "DEFERRABLE and INCLUDE are not drafted"),
        ("ALTER TABLE users ADD UNIQUE (name) INCLUDE (age)", "DEFERRABLE and INCLUDE are not drafted"),
    ],
)
def test_what_is_not_drafted_is_read_and_not_guessed_by_its_letters(sql: str, said: str) -> None:
    with pytest.raises(DraftError, match=said):
        drafted(sql)
    of_such_a_name = known_of_sql("CREATE TABLE t (included_deferrable int)", 16, "schema.sql")
    assert "USING INDEX" in drafted("ALTER TABLE t ADD UNIQUE (included_deferrable)", of_such_a_name).source
