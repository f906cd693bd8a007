"""What a statement does, by both readers."""

import pytest

from tests.unit.sql.known_statements import STATEMENTS
from zdtui.sql.by_words.read import read as read_words
from zdtui.sql.grammar.parse import trees_of
from zdtui.sql.grammar.read import READERS
from zdtui.sql.grammar.read import read as read_tree
from zdtui.sql.kinds import KINDS
from zdtui.sql.operation import UNKNOWN
from zdtui.sql.split import split
from zdtui.sql.text.pieces import Source

BY_SQL = pytest.mark.parametrize(("kinds", "sql"), STATEMENTS, ids=[sql[:60] for _, sql in STATEMENTS])


@BY_SQL
def test_each_statement_is_of_its_kinds(kinds: tuple[str, ...], sql: str) -> None:
    (statement,) = split(sql)
    assert tuple(each.kind for each in statement.operations) == kinds


@BY_SQL
def test_the_words_alone_give_the_same_kinds(kinds: tuple[str, ...], sql: str) -> None:
    assert tuple(each.kind for each in read_words(Source(sql)) or ()) == kinds


NEWER = {
    "REPACK": "REPACK t USING INDEX i",
    "REPACK CONCURRENTLY": "REPACK (CONCURRENTLY) t",
    "WAIT FOR LSN": "WAIT FOR LSN '0/1'",
    "ALTER TABLE SPLIT PARTITION": "ALTER TABLE t SPLIT PARTITION a INTO (PARTITION b FOR VALUES IN (1), PARTITION c DEFAULT)",
    "ALTER TABLE MERGE PARTITIONS": "ALTER TABLE t MERGE PARTITIONS (a, b) INTO c",
}
"""Of PostgreSQL 19, which the grammar does not know yet."""


def test_every_kind_is_some_statement_s() -> None:
    assert {kind for kinds, _ in STATEMENTS for kind in kinds} | set(NEWER) == KINDS - {UNKNOWN}


@pytest.mark.parametrize(("kind", "sql"), NEWER.items())
def test_what_is_newer_than_the_grammar_is_read_by_its_words(kind: str, sql: str) -> None:
    (statement,) = split(sql)
    assert [each.kind for each in statement.operations] == [kind]
    assert not trees_of(Source(sql))


def test_the_grammar_takes_all_of_them() -> None:
    assert [sql for _, sql in STATEMENTS if not trees_of(Source(sql))] == []


@BY_SQL
def test_both_readers_read_the_same(kinds: tuple[str, ...], sql: str) -> None:
    """Everything but the words, which say a little more where there is a tree."""
    if trees_of(Source(sql))[0].WhichOneof("node") not in READERS:
        pytest.skip("read by its words alone")
    of_tree, of_words = read_tree(Source(sql)), read_words(Source(sql))
    assert of_tree is not None
    assert of_words is not None
    for by_tree, by_words in zip(of_tree, of_words, strict=True):
        for name in (
            "relation",
            "object",
            "column",
            "columns",
            "definition",
            "definitions",
            "constraint",
            "constraints",
        ):
            assert getattr(by_words, name) == getattr(by_tree, name), name
        for name in ("new_name", "type", "expression", "where", "lock_mode", "parameters"):
            assert getattr(by_words, name) == getattr(by_tree, name), name
        assert set(by_words.mentions) == set(by_tree.mentions)
        assert by_words.words == by_tree.words
