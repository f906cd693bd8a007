"""What of a file is no SQL: the author's mistake with its place, or what a tool fills in before."""

import pytest

from zdtui.checking.check import check
from zdtui.checking.checked import Checked
from zdtui.checking.inputs import Given, Input


def checked(text: str, version: int | None = None) -> Checked:
    return check(Given((Input("m.sql", text),)), with_squawk=False, version=version)


FILLED_IN = [
    ("CREATE TABLE ${schema}.t (a int);", "${schema}"),
    ("GRANT SELECT ON ${flyway:defaultSchema}.t TO r;", "${flyway:defaultSchema}"),
    ("ALTER TABLE t OWNER TO :owner;", ":owner"),
    ('ALTER TABLE t OWNER TO :"owner";', ':"owner"'),
    ("INSERT INTO t VALUES (:'name');", ":'name'"),
    ("SELECT :{?name};", ":{?name}"),
    ("CREATE TABLE {{ .Schema }}.t (a int);", "{{ .Schema }}"),
    ("{% if x %}\nSELECT 1;", "{% if x %}"),
    ("ALTER TABLE <%= table %> ADD COLUMN a int;", "<%= table %>"),
    ("SELECT * FROM #{table};", "#{table}"),
    ("SELECT * FROM $(table);", "$(table)"),
    ("SELECT * FROM $table;", "$table"),
    ("SELECT * FROM {table};", "{table}"),
    ("SELECT * FROM t WHERE a = %(id)s;", "%(id)s"),
    ("SELECT * FROM t WHERE a = %s AND b = 1;", "%s"),
    ("INSERT INTO t VALUES (?, ?);", "?"),
    ("SELECT '${a}'\nFROM ${b};", "${b}"),
]


@pytest.mark.parametrize(("text", "placeholder"), FILLED_IN)
def test_what_a_tool_fills_in_is_told_and_is_no_mistake(text: str, placeholder: str) -> None:
    found = checked(text)
    assert (found.unread, found.exit_code) == ((), 0)
    assert f"a tool fills in `{placeholder}`" in " ".join(found.notes)


def test_of_a_place_to_be_filled_in_the_line_and_the_number_of_statements_are_told() -> None:
    (note,) = checked("SELECT 1;\nCREATE TABLE\n  ${a}.t (b int);\nDROP TABLE ${a}.t;").notes
    assert note.startswith("m.sql:3: ")
    assert "2 statements" in note


BROKEN = [
    ("SELECT 1;\nALTER TABEL t ADD COLUMN a int;", 2, 7),
    ("ALTER TABEL t OWNER TO :owner;", 1, 7),
    ("SELECT a::int, b[1:2], c[d:e] FRM t x y;", 1, 35),
    ("SELECT E'\\n' FRM t x;", 1, 18),
    ("SELECT '${a} {{ b }} :c' FRM t x;", 1, 30),
    ("SELECT 1 -- ${a}\n FRM t x;", 2, 6),
    ("CREATE TABLE t { a int };", 1, 16),
    ("SELECT a ? 'b' FRM t x;", 1, 20),
    ("\\set a 'it''s'\n\\restrict x\nALTER TABEL t ADD a int;", 3, 7),
    ("SELECT 1 \\gset\nSELECT 1 FRM t x;", 2, 14),
    ("COPY t FROM stdin;\n1\tit's\n\\.\nALTER TABEL t ADD a int;", 4, 7),
]


@pytest.mark.parametrize(("text", "line", "column"), BROKEN)
def test_a_broken_statement_is_told_with_its_place_whatever_stands_around_it(text: str, line: int, column: int) -> None:
    found = checked(text)
    assert [(each.line, each.column) for each in found.problems] == [(line, column)]
    assert found.exit_code == 2
    assert found.notes == ()


NEWER = [
    "REPACK t;",
    "REPACK (CONCURRENTLY) t;",
    "ALTER TABLE t SPLIT PARTITION p INTO (PARTITION q FOR VALUES IN (1), PARTITION r FOR VALUES IN (2));",
    "ALTER TABLE t MERGE PARTITIONS (p, q) INTO r;",
]


@pytest.mark.parametrize("text", NEWER)
def test_what_a_newer_server_knows_is_a_mistake_only_for_an_older_one(text: str) -> None:
    found = checked(text)
    assert "came with PostgreSQL 19" in found.problems[0].sentence
    assert "--postgres-version 19" in found.problems[0].sentence
    assert "server-refuses" in [each.rule for each in found.hazards]
    newer = checked(text, version=19)
    assert newer.unread == ()
    assert "server-refuses" not in [each.rule for each in newer.hazards]


def test_a_command_of_psql_that_runs_something_else_is_unknown_and_takes_no_statement_with_it() -> None:
    found = checked("\\i other.sql\nALTER TABLE t RENAME COLUMN a TO b;\n")
    assert [each.effects.known for each in found.findings] == [False, True]
    assert [each.place.line for each in found.findings] == [1, 2]
    assert "command of psql" in found.findings[0].hazards[0].sentence
    assert "column-rename" in [each.rule for each in found.findings[1].hazards]
