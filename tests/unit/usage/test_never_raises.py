"""Whatever is sent is read, or said to be not readable: nothing that a server counts ends the reading of the rest."""

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.sql.known_statements import TEXT
from zdtui.sql.text.name import Name
from zdtui.usage.catalog import Catalog
from zdtui.usage.reader.statement import read_body, read_statement
from zdtui.usage.reader.views import read_view
from zdtui.usage.spread import spread
from zdtui.usage.usage import Subject
from zdtui.usage.without_literals import without_literals

T = Name("s", "t")
CATALOG = Catalog(columns={T: ("a", "b", "c"), Name("s", "u"): ("a", "x")})
WATCHED = [spread(CATALOG, each)[0] for each in (Subject(T, "a"), Subject(T))]
STATEMENTS = [line.partition(" = ")[2] for line in TEXT.strip().splitlines()]
WORDS = st.sampled_from(
    [
        *(
            "BEGIN",
            "END",
            "DECLARE",
            "IF",
            "THEN",
            "ELSE",
            "CASE",
            "WHEN",
            "LOOP",
            "FOR",
            "IN",
            "RETURN",
            "QUERY",
            "EXECUTE",
        ),
        *(
            "SELECT",
            "INTO",
            "STRICT",
            "FROM",
            "t",
            "a",
            "NEW",
            ".",
            ",",
            ";",
            "(",
            ")",
            ":=",
            "=",
            "%",
            "TYPE",
            "ROWTYPE",
        ),
        *(
            "<<",
            ">>",
            "'x'",
            "$$",
            "RAISE",
            "USING",
            "CURSOR",
            "OPEN",
            "MERGE",
            "..",
            "[",
            "]",
            '"q',
            "*",
            "1",
            "EXCEPTION",
        ),
    ]
)


def test_every_kind_of_statement() -> None:
    for watched in WATCHED:
        for text in STATEMENTS:
            read_statement(text, watched)
            read_view(text, watched)


@settings(max_examples=300, deadline=None)
@given(st.lists(WORDS, max_size=25).map(" ".join))
def test_any_body_and_any_text(text: str) -> None:
    for watched in WATCHED:
        read_body(text, watched)
        read_statement(text, watched)
        read_statement(f"DO $x$ {text} $x$", watched)


def test_no_value_is_left_in_a_text_that_is_kept() -> None:
    for text, kept in {
        "SELECT * FROM t WHERE a = $1": "SELECT * FROM t WHERE a = $1",
        "COPY t TO '/tmp/secret' WITH (HEADER 3)": "COPY t TO '…' WITH (HEADER 0)",
        "DO $$ BEGIN PERFORM 'secret'; END $$": "DO '…'",
        "SELECT E'a''b', U&'x', 12.5e3, \"Col 1\" -- secret": "SELECT '…', '…', 0, \"Col 1\"",
    }.items():
        assert without_literals(text) == kept
