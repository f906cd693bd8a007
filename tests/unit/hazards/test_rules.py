"""Every rule by its own example: the bad one triggers it, the good one does not; and what must not be cried about."""

from typing import Any

import pytest

from zdtui.hazards.example import findings_of_example, plan_of, schema_of
from zdtui.hazards.find import findings_of_plan, findings_of_sql
from zdtui.hazards.hazard import Finding, Hazard, Severity
from zdtui.hazards.rule import Rule
from zdtui.hazards.rules import BY_NAME, RULES
from zdtui.plan.load import load_plan
from zdtui.plan.shipped import plans_folder, shipped_plans


def names(findings: tuple[Finding, ...]) -> set[str]:
    return {hazard.rule for finding in findings for hazard in finding.hazards}


def loud(findings: tuple[Finding, ...]) -> list[Hazard]:
    """Those that stop or warn."""
    return [hazard for each in findings for hazard in each.hazards if hazard.severity is not Severity.NOTE]


OF_THE_FILE = {"no-lock-timeout", "altered-again"}
"""Notes on how a file is run, which are told of what harms nobody too."""


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_the_bad_example_triggers_the_rule_and_the_good_one_does_not(rule: Rule) -> None:
    bad, good = findings_of_example(rule, rule.example.bad), findings_of_example(rule, rule.example.good)
    mine = [hazard for finding in bad for hazard in finding.hazards if hazard.rule == rule.name]
    loud = {each.rule for finding in bad for each in finding.hazards if each.severity is not Severity.NOTE}
    assert loud <= {rule.name}
    assert mine
    assert all(hazard.sentence and hazard.sentence[0] not in " .,;" for hazard in mine)
    assert rule.name not in names(good)
    assert not [h for f in good for h in f.hazards if h.severity is Severity.STOP and h.silenced is None]


def test_names_are_stable_words_and_each_is_said_once() -> None:
    assert len(BY_NAME) == len(RULES)
    assert all(rule.name == rule.name.lower() and " " not in rule.name for rule in RULES)
    assert all(rule.why.endswith(".") and rule.title for rule in RULES)


def sql(
    text: str, given: str = "CREATE TABLE users (id int PRIMARY KEY, name text, age int)", **fields: Any
) -> set[str]:
    return names(findings_of_sql(text, "x.sql", schema=schema_of(given), **fields)) - OF_THE_FILE


@pytest.mark.parametrize(
    "text",
    [
        "CREATE TABLE t (id bigint PRIMARY KEY, v text NOT NULL UNIQUE); CREATE INDEX ON t (v);",
        "CREATE TABLE t (id bigint); ALTER TABLE t ADD CONSTRAINT c CHECK (id > 0); UPDATE t SET id = 1;",
        "CREATE TABLE t (id bigint); DROP TABLE t;",
        "CREATE TEMPORARY TABLE t (id bigint); CREATE INDEX ON t (id); TRUNCATE t;",
        "ALTER TABLE users ADD COLUMN x int; ALTER TABLE users ADD COLUMN y text DEFAULT 'y' NOT NULL;",
        "ALTER TABLE users ADD COLUMN x timestamptz DEFAULT now();",
        "INSERT INTO users VALUES (1, 'x', 2);",
        "UPDATE users SET age = 1 WHERE id = 7; DELETE FROM users WHERE id IN (1, 2);",
        "SELECT count(*) FROM users;",
        "BEGIN; ALTER TABLE users ADD COLUMN a int; ALTER TABLE users ADD COLUMN b int; COMMIT;",
        "ALTER TABLE users RENAME CONSTRAINT a TO b;",
        "CREATE INDEX CONCURRENTLY IF NOT EXISTS i ON users (age); DROP INDEX CONCURRENTLY IF EXISTS i;",
        "BEGIN; ALTER TABLE users RENAME TO people; CREATE VIEW users AS SELECT * FROM people; COMMIT;",
        "ALTER TABLE users RENAME age TO old_age; ALTER TABLE users RENAME age_new TO age;",
        "CREATE TABLE t AS SELECT 1 AS id; CREATE INDEX ON t (id); ALTER TABLE t ALTER id SET NOT NULL;",
        "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS k ON users (id); "
        "ALTER TABLE users ADD CONSTRAINT k PRIMARY KEY USING INDEX k;",
    ],
)
def test_what_harms_nobody_is_not_cried_about(text: str) -> None:
    assert sql(text) == set()


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ("ALTER TABLE users ADD COLUMN x int, RENAME COLUMN name TO n;", set()),
        ("ALTER TABLE users ALTER name SET NOT NULL", {"set-not-null"}),
        (
            "ALTER TABLE users ADD CONSTRAINT c FOREIGN KEY (age) REFERENCES users (id)",
            {"constraint-not-valid", "foreign-key-without-index"},
        ),
        ("ALTER TABLE users ADD UNIQUE (name)", {"unique-without-index"}),
        ("ALTER TABLE users ADD COLUMN org int REFERENCES users", {"foreign-key-without-index"}),
        ("ALTER TABLE users ADD COLUMN n serial", {"new-column-rewrite"}),
        ("DROP TABLE users CASCADE", {"dropped-early", "cascade"}),
        ("DELETE FROM users", {"unbatched-change"}),
        ("UPDATE users SET age = 1 WHERE age IS NULL", {"unbatched-change"}),
        ("CLUSTER users USING users_pkey", {"vacuum-full-or-cluster"}),
        ("TRUNCATE users", {"truncate"}),
        ("REINDEX TABLE users", {"reindex-blocks"}),
        (
            "BEGIN; ALTER TABLE users ADD COLUMN a int; UPDATE users SET a = 1; COMMIT",
            {"ddl-with-rows", "unbatched-change"},
        ),
        ("FROBNICATE", {"unknown-statement"}),
        ("INSERT INTO users SELECT id, title, 1 FROM people", {"unbatched-change"}),
        ("MERGE INTO users u USING people p ON u.id = p.id WHEN MATCHED THEN DELETE", {"unbatched-change"}),
        ("CREATE TABLE t (id bigint); INSERT INTO t SELECT id FROM users", set()),
        ("INSERT INTO users SELECT n FROM generate_series(1, 10) AS n", set()),
        ("ALTER TABLE users RENAME name TO title; ALTER TABLE users ADD COLUMN name text", {"column-rename"}),
        ("ALTER TABLE users DROP COLUMN age; ALTER TABLE users RENAME name TO age", {"dropped-early", "column-rename"}),
        ("ALTER TABLE users DROP COLUMN age; ALTER TABLE users RENAME age_new TO age", {"dropped-early"}),
        ("UPDATE users SET age = 1 WHERE name = 'x'", {"unbatched-change"}),
        ("ALTER TABLE users ENABLE ROW LEVEL SECURITY", {"row-security"}),
        ("CREATE POLICY p ON users USING (true); ALTER TABLE users ENABLE ROW LEVEL SECURITY", {"who-may-what"}),
        ("TRUNCATE users; ALTER TABLE users ADD COLUMN x int NOT NULL", {"truncate", "new-column-not-null"}),
        ("TRUNCATE users; ALTER TABLE users ALTER name SET NOT NULL; CREATE INDEX i ON users (name)", {"truncate"}),
        (
            "TRUNCATE users; INSERT INTO users SELECT 1; CREATE INDEX i ON users (name)",
            {"truncate", "create-index-blocks-writes", "ddl-with-rows"},
        ),
        (
            "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS k ON users (age); "
            "ALTER TABLE users ADD PRIMARY KEY USING INDEX k",
            {"set-not-null"},
        ),
        ("ALTER TABLE users VALIDATE CONSTRAINT c, ADD COLUMN x int", {"validate-with-add"}),
        ("REFRESH MATERIALIZED VIEW m WITH NO DATA", {"refresh-blocks-reads"}),
        ("DROP VIEW users; CREATE VIEW users AS SELECT 1", set()),
    ],
)
def test_what_harms_is_found_whatever_it_is_called(text: str, rules: set[str]) -> None:
    assert sql(text) == rules or (not rules and sql(text) <= {"column-rename", "unknown-statement"})


def test_the_safer_way_holds_the_authors_own_names() -> None:
    text = 'CREATE UNIQUE INDEX "Odd" ON users (name) WHERE age > 1'
    (finding,) = findings_of_sql(text, "x.sql", schema=schema_of("CREATE TABLE users (id int, name text, age int)"))
    assert finding.hazards[0].safer is not None
    expected = 'CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS "Odd" ON users (name) WHERE age > 1;'
    assert finding.hazards[0].safer.sql == expected
    assert not finding.hazards[0].safer.fixable, "--fix writes into plans, not into files of SQL"


@pytest.mark.parametrize(
    ("text", "safer"),
    [
        ('DROP INDEX a, "B"', 'DROP INDEX CONCURRENTLY IF EXISTS a;\nDROP INDEX CONCURRENTLY IF EXISTS "B";'),
        ("REINDEX (VERBOSE) TABLE users", "REINDEX (VERBOSE) TABLE CONCURRENTLY users;"),
        (
            "ALTER TABLE users ADD CONSTRAINT c CHECK (age > 0) -- why",
            "ALTER TABLE users ADD CONSTRAINT c CHECK (age > 0) NOT VALID;\nALTER TABLE users VALIDATE CONSTRAINT c;",
        ),
        (
            "ALTER TABLE users ADD UNIQUE NULLS NOT DISTINCT (age, name) INCLUDE (id) DEFERRABLE",
            "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS users_age_name_key ON users (age, name) INCLUDE (id) "
            "NULLS NOT DISTINCT;\n"
            "ALTER TABLE users ADD CONSTRAINT users_age_name_key UNIQUE USING INDEX users_age_name_key DEFERRABLE;",
        ),
    ],
)
def test_the_safer_way_is_sql_that_says_what_the_author_said(text: str, safer: str) -> None:
    (finding,) = findings_of_sql(text, "x.sql", schema=schema_of("CREATE TABLE users (id int, name text, age int)"))
    assert finding.hazards[0].safer is not None
    assert finding.hazards[0].safer.sql == safer


def test_a_proven_column_needs_no_scan_and_so_is_no_hazard() -> None:
    text = (
        "BEGIN; ALTER TABLE users ADD CONSTRAINT n CHECK (name IS NOT NULL) NOT VALID; COMMIT;"
        "ALTER TABLE users VALIDATE CONSTRAINT n; ALTER TABLE users ALTER COLUMN name SET NOT NULL"
    )
    assert sql(text) == set()


def test_a_file_without_begin_is_a_transaction_to_most_tools_and_so_only_warns() -> None:
    text = "ALTER TABLE users ADD CONSTRAINT n CHECK (age > 0) NOT VALID; ALTER TABLE users VALIDATE CONSTRAINT n"
    findings = findings_of_sql(text, "x.sql", schema=schema_of("CREATE TABLE users (age int)"))
    (hazard,) = loud(findings)
    assert (hazard.rule, hazard.severity) == ("validate-with-add", Severity.WARN)


def test_places_are_those_of_the_file() -> None:
    findings = findings_of_sql("-- first\nSELECT 1;\n\n  TRUNCATE users;", "x.sql")
    assert [(each.place.line, each.place.column) for each in findings] == [(2, 1), (4, 3)]


@pytest.mark.parametrize("name", shipped_plans())
def test_no_shipped_plan_is_stopped_and_what_it_does_forward_has_no_warning(name: str) -> None:
    findings = findings_of_plan(load_plan(plans_folder() / f"{name}.yaml"))
    loud = [
        f"{finding.place.step}: {hazard.rule}"
        for finding in findings
        for hazard in finding.hazards
        if hazard.silenced is None
        and (hazard.severity is Severity.STOP or (hazard.severity is Severity.WARN and finding.place.part == "action"))
    ]
    assert loud == []
    assert all(finding.effects.known for finding in findings)
    lines = load_plan(plans_folder() / f"{name}.yaml").source.split("\n")
    placed = [each for each in findings if each.place.column > 1]
    assert all(lines[each.place.line - 1].find(each.statement.text.split("\n")[0].rstrip()) >= 0 for each in placed)


def test_a_stop_in_a_rollback_only_warns() -> None:
    plan = plan_of(
        "- id: a\n  title: A\n  phase: expand\n  sql: ALTER TABLE users ALTER COLUMN name DROP NOT NULL\n"
        "  rollback: ALTER TABLE users ALTER COLUMN name SET NOT NULL"
    )
    findings = findings_of_plan(plan, schema=schema_of("CREATE TABLE users (name text)"))
    (hazard,) = loud(findings)
    assert (hazard.rule, hazard.severity) == ("set-not-null", Severity.WARN)


def test_what_a_step_silences_is_silenced_with_its_reason() -> None:
    plan = plan_of(
        "- id: a\n  title: A\n  phase: expand\n  sql: TRUNCATE users\n  rollback: {none: it was empty}\n"
        "  silence: {truncate: nobody reads it}"
    )
    (finding,) = findings_of_plan(plan)
    assert finding.hazards[0].silenced == "nobody reads it"
    assert finding.worst is None


def test_a_rollback_of_what_may_have_been_half_done_asks_whether_it_is_there() -> None:
    steps = (
        "- id: a\n  title: A\n  phase: expand\n  sql: |\n    CREATE INDEX CONCURRENTLY i ON users (name);\n"
        "    CREATE INDEX CONCURRENTLY j ON users (age);\n  rollback: |\n    DROP INDEX CONCURRENTLY IF EXISTS i;\n"
        "    DROP INDEX CONCURRENTLY j;\n"
    )
    findings = findings_of_plan(plan_of(steps))
    assert [[hazard.rule for hazard in finding.hazards] for finding in findings] == [[], [], [], ["not-repeatable"]]
    safer = findings[3].hazards[0].safer
    assert safer is not None
    assert (safer.sql, safer.fixable) == ("DROP INDEX CONCURRENTLY IF EXISTS j;", True)


def test_a_name_that_a_new_column_takes_is_said_to_be_another_column() -> None:
    text = "ALTER TABLE users RENAME name TO name_old; ALTER TABLE users ADD COLUMN name jsonb"
    findings = findings_of_sql(text, "x.sql", schema=schema_of("CREATE TABLE users (name text)"))
    (hazard,) = loud(findings[:1])
    assert (hazard.rule, hazard.severity) == ("column-rename", Severity.STOP)
    assert "gets another, new column" in hazard.sentence
