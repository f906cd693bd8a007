"""What only psql knows in a script is taken out, and every place of the rest stays."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.sql.test_any_input import mutated
from zdtui.sql.script import statements_of_script
from zdtui.sql.split import split
from zdtui.sql.statement import StatementClass
from zdtui.sql.text.psql import as_sent

DUMP = """\\restrict xQ7
SET x = 1;
COPY public.t (a, "b;c") FROM stdin;
1\tit's; -- \\N
2\t\\\\ {{ }}
\\.


ALTER TABLE t ADD COLUMN b int;
\\unrestrict xQ7
"""


def texts(script: str) -> list[str]:
    return [each.text for each in statements_of_script(script)]


def test_of_a_dump_the_statements_are_left() -> None:
    assert [text.split("\n")[0] for text in texts(DUMP)] == [
        "SET x = 1",
        'COPY public.t (a, "b;c") FROM stdin',
        "ALTER TABLE t ADD COLUMN b int",
    ]


@pytest.mark.parametrize(
    ("script", "sent"),
    [
        ("\\set a 'it''s'\nSELECT 1;", ["SELECT 1"]),
        ("\\echo it's done; really\nSELECT 1;\n\\echo \"\nSELECT 2;", ["SELECT 1", "SELECT 2"]),
        ("SELECT 1 \\gset x_\nSELECT 2 \\g\nSELECT 3", ["SELECT 1", "SELECT 2", "SELECT 3"]),
        ("SELECT $1 \\bind 'a;b' \\g\nSELECT 2;", ["SELECT $1", "SELECT 2"]),
        ("SELECT 1\\; SELECT 2;", ["SELECT 1", "SELECT 2"]),
        ("\\set a 1 \\\\ SELECT 1;", ["SELECT 1"]),
        ("\\set a 'x\\\\y' \\\\ SELECT 1;", ["SELECT 1"]),
        ("\\if :x\nSELECT 1;\n\\else\nSELECT 2;\n\\endif", ["SELECT 1", "SELECT 2"]),
        ("\\copy t from stdin csv\n1;2'\n\\.\nSELECT 1;", ["\\copy t from stdin csv", "SELECT 1"]),
        ("\\i other.sql\nSELECT 1;", ["\\i other.sql", "SELECT 1"]),
        ("SELECT 'DROP TABLE t' \\gexec\nSELECT 1;", ["SELECT 'DROP TABLE t'", "\\gexec", "SELECT 1"]),
        (
            "SELECT '\\i x', E'\\'\\n' -- \\i y\n, \"\\z\", $$\\q$$;",
            ["SELECT '\\i x', E'\\'\\n' -- \\i y\n, \"\\z\", $$\\q$$"],
        ),
        ("SELECT 1 \\", ["SELECT 1"]),
        ("\\", []),
    ],
)
def test_a_command_takes_its_line_and_no_statement_with_it(script: str, sent: list[str]) -> None:
    assert texts(script) == sent


def test_a_command_that_runs_what_is_elsewhere_is_a_statement_nobody_knows() -> None:
    first, second = statements_of_script("SELECT 1;\n  \\i other.sql\n")
    assert first.statement_class is StatementClass.QUERY
    assert (second.statement_class, second.line, second.offset) == (StatementClass.UNKNOWN, 2, 12)


COMMANDS = st.lists(
    st.sampled_from(["\\", "\\i x", "\\g", "\\;", "\\\\", "\\set a 'b", "\n", "'", '"', "$$", "--", "a"])
)


@given(mutated() | st.text() | COMMANDS.map("".join))
def test_every_place_stays_and_nothing_is_made_up(script: str) -> None:
    sent = as_sent(script).text
    assert len(sent) == len(script)
    assert all(one == other or one in " ;" for one, other in zip(sent, script, strict=True))
    assert sent.count("\n") == script.count("\n")


@given(mutated() | st.text())
def test_without_a_backslash_a_script_is_its_statements(script: str) -> None:
    script = script.replace("\\", "")
    assert tuple(statements_of_script(script)) == split(script)
