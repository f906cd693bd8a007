"""What is read of a statement beside its kind: names, pieces of the author's text, what else it touches."""

import subprocess
import sys

import pytest

from zdtui.sql.operation import Column, Constraint, ConstraintKind, Mention, Operation, Role
from zdtui.sql.split import split
from zdtui.sql.text.name import Name


def read(sql: str) -> tuple[Operation, ...]:
    (statement,) = split(sql)
    return statement.operations


def mentioned(sql: str) -> set[tuple[str, str]]:
    return {(each.role.value, each.name.written) for operation in read(sql) for each in operation.mentions}


def test_a_column_is_cut_from_text_that_is_not_ascii() -> None:
    (found,) = read(
        'ALTER TABLE "Größe" ADD COLUMN IF NOT EXISTS "naïve é" varchar(20) /* 𝕏 */'
        " DEFAULT coalesce(NULL, 'ß', upper('é')) NOT NULL CONSTRAINT \"größer\" CHECK (länge > 0)"
    )
    assert found.relation == Name(None, "Größe")
    assert found.words == {"IF NOT EXISTS"}
    assert found.definition == Column(
        name="naïve é",
        type="varchar(20)",
        default="coalesce(NULL, 'ß', upper('é'))",
        constraints=(
            Constraint(kind=ConstraintKind.NOT_NULL, columns=("naïve é",)),
            Constraint(kind=ConstraintKind.CHECK, name="größer", columns=("naïve é",), expression="länge > 0"),
        ),
    )


@pytest.mark.parametrize(
    ("sql", "type_", "expression"),
    [
        ("ALTER TABLE t ALTER a TYPE numeric(10, 2) USING a::numeric(10, 2)", "numeric(10, 2)", "a::numeric(10, 2)"),
        ("ALTER TABLE t ALTER a TYPE timestamp with time zone", "timestamp with time zone", None),
        ("ALTER TABLE t ALTER a TYPE text COLLATE \"C\" USING a || 'x'", "text", "a || 'x'"),
        ("ALTER TABLE t ALTER a SET DATA TYPE s.money_ [] USING (a)", "s.money_ []", "(a)"),
        ("ALTER TABLE t ALTER a SET DEFAULT now() + interval '1 day'", None, "now() + interval '1 day'"),
        ("ALTER TABLE t ALTER a SET DEFAULT NULL", None, "NULL"),
    ],
)
def test_types_and_expressions_are_the_author_s_own_text(sql: str, type_: str | None, expression: str | None) -> None:
    (found,) = read(sql)
    assert (found.type, found.expression) == (type_, expression)


def test_each_action_has_the_piece_that_is_its_own() -> None:
    found = read(
        "ALTER TABLE t ALTER a SET DEFAULT f(1, 2), ALTER b SET DEFAULT 'x, y', ALTER c TYPE int USING g(c, 1)"
    )
    assert [each.expression for each in found] == ["f(1, 2)", "'x, y'", "g(c, 1)"]


def test_if_exists_is_the_action_s_and_table_if_exists_the_table_s() -> None:
    drop, other = read("ALTER TABLE IF EXISTS ONLY t DROP COLUMN IF EXISTS a CASCADE, ALTER b SET NOT NULL")
    assert drop.words == {"IF EXISTS", "TABLE IF EXISTS", "ONLY", "CASCADE"}
    assert other.words == {"TABLE IF EXISTS", "ONLY"}


def test_a_foreign_key_says_what_it_points_to() -> None:
    (found,) = read("ALTER TABLE s.t ADD CONSTRAINT f FOREIGN KEY (a, b) REFERENCES o (x, y) NOT VALID")
    assert found.constraint == Constraint(
        kind=ConstraintKind.FOREIGN_KEY,
        name="f",
        columns=("a", "b"),
        references=Name(None, "o"),
        referenced_columns=("x", "y"),
        not_valid=True,
    )
    assert found.mentions == (Mention(Role.REFERENCED, Name(None, "o")),)


def test_the_index_of_a_constraint_is_in_its_table_s_schema() -> None:
    (found,) = read("ALTER TABLE s.t ADD PRIMARY KEY USING INDEX i")
    assert found.mentioned(Role.INDEX) == (Name("s", "i"),)


def test_an_index_with_everything() -> None:
    (found,) = read(
        "CREATE UNIQUE INDEX CONCURRENTLY i ON s.t USING gin (a, lower(b), c) WHERE é > 3 AND b IS NOT NULL"
    )
    assert (found.relation, found.object) == (Name("s", "t"), Name("s", "i"))
    assert (found.columns, found.where, found.type) == (("a", "c"), "é > 3 AND b IS NOT NULL", "gin")
    assert found.words == {"UNIQUE", "CONCURRENTLY", "EXPRESSION"}


def test_an_update_says_what_it_sets_and_where() -> None:
    (found,) = read(
        "UPDATE t SET a = (SELECT max(a) FROM z WHERE b), (b, c) = (1, 2) FROM u WHERE t.é = u.id RETURNING a"
    )
    assert found.columns == ("a", "b", "c")
    assert found.expression == "a = (SELECT max(a) FROM z WHERE b), (b, c) = (1, 2)"
    assert found.where == "t.é = u.id"
    assert {each.name.name for each in found.mentions} == {"z", "u"}


def test_names_that_a_with_makes_are_no_relations() -> None:
    assert mentioned("WITH o AS (SELECT * FROM orders), orders AS (SELECT 1) SELECT * FROM o, orders") == {
        ("read", "orders")
    }
    assert mentioned("WITH RECURSIVE r AS (SELECT 1 UNION SELECT 2 FROM r) SELECT * FROM r, s.r") == {("read", "s.r")}
    assert mentioned("WITH a AS (SELECT * FROM b), b AS (SELECT * FROM a) SELECT * FROM b") == {("read", "b")}


def test_changes_in_a_with_are_operations_of_their_own() -> None:
    found = read("WITH d AS (DELETE FROM a WHERE x < 1 RETURNING *) INSERT INTO b SELECT * FROM d")
    assert [(each.kind, each.relation, each.where) for each in found] == [
        ("INSERT", Name(None, "b"), None),
        ("DELETE", Name(None, "a"), "x < 1"),
    ]
    assert found[0].mentioned(Role.WRITTEN) == (Name(None, "a"),)


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("SELECT * FROM a x, b WHERE x.i = b.i FOR UPDATE OF x", {("rows locked", "a"), ("read", "b")}),
        ("SELECT * FROM a, (SELECT * FROM b) y FOR SHARE", {("rows locked", "a"), ("rows locked", "b")}),
        ("SELECT * FROM a WHERE i IN (SELECT i FROM b) FOR UPDATE", {("rows locked", "a"), ("read", "b")}),
        ("EXPLAIN UPDATE t SET a = 1 FROM u", {("written", "t"), ("read", "u")}),
        (
            "CREATE TABLE t (LIKE o, a int REFERENCES r) INHERITS (p)",
            {("like", "o"), ("referenced", "r"), ("parent", "p")},
        ),
        ("ALTER SEQUENCE q OWNED BY s.t.a", {("owned by", "s.t")}),
        ("CREATE PUBLICATION p FOR TABLE a, s.b (x) WHERE (x > 1)", {("published", "a"), ("published", "s.b")}),
        ("DROP TABLE a, s.b", {("also", "s.b")}),
        ("MERGE INTO t USING s ON true WHEN MATCHED THEN DELETE", {("read", "s")}),
        ("CREATE VIEW v AS SELECT * FROM a WHERE EXISTS (SELECT 1 FROM b)", {("read", "a"), ("read", "b")}),
    ],
)
def test_what_else_is_touched(sql: str, expected: set[tuple[str, ...]]) -> None:
    assert mentioned(sql) == expected


@pytest.mark.parametrize(
    ("sql", "is_opaque"),
    [
        ("DO $$ BEGIN END $$", True),
        ("CALL p()", True),
        ("EXECUTE p", True),
        ("SELECT now(), count(*) FROM t", False),
        ("SELECT clean_up()", True),
        ("SELECT pg_catalog.now(), s.now()", True),
        ("UPDATE t SET a = lower(b)", False),
        ("UPDATE t SET a = public.f(b)", True),
        ("INSERT INTO t VALUES (query_to_xml('SELECT 1', true, true, ''))", True),
    ],
)
def test_what_the_text_does_not_show_is_said_to_be_opaque(sql: str, is_opaque: bool) -> None:
    assert any("OPAQUE" in each.words for each in read(sql)) is is_opaque


def test_lock_modes_and_parameters() -> None:
    assert read("LOCK t")[0].lock_mode == "ACCESS EXCLUSIVE"
    assert read("LOCK TABLE t IN SHARE ROW EXCLUSIVE MODE")[0].lock_mode == "SHARE ROW EXCLUSIVE"
    assert read("ALTER TABLE t SET (fillfactor = 7, toast.autovacuum_enabled = off)")[0].parameters == (
        "fillfactor",
        "toast.autovacuum_enabled",
    )


@pytest.mark.parametrize(
    "sql", ["FROBNICATE t", '"drop" table t', "ALTER TABLE", "1", "ALTER TABLE t FROBNICATE x", "\\d t"]
)
def test_what_nobody_understands_is_unknown(sql: str) -> None:
    assert [each.kind for each in read(sql)] == ["?"]


def _in_a_fresh_process(program: str) -> str:
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return ran.stdout.strip()


def test_the_grammar_is_loaded_when_it_is_first_wanted_and_not_before() -> None:
    program = (
        "import sys; from zdtui.sql.split import split\n"
        "s = split('SELECT 1')[0]; print('postgast' in sys.modules); s.operations; print('postgast' in sys.modules)"
    )
    assert _in_a_fresh_process(program).split() == ["False", "True"]


def test_without_the_grammar_the_words_are_read() -> None:
    program = (
        "import sys; sys.modules['postgast'] = None\n"
        "from zdtui.sql.split import split\n"
        "print(split('ALTER TABLE t ADD COLUMN a int DEFAULT f(1)')[0].operations[0].definition.default)"
    )
    assert _in_a_fresh_process(program) == "f(1)"
