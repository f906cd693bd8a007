"""A rehearsal's journal is in a schema of its own: no SQL of ours that names the journal's forgets it."""

import re
from pathlib import Path

import pytest

from zdtui.postgres.journal import journal_sql
from zdtui.postgres.journal.place import REHEARSAL, in_its_schema, journal_table, rehearsals_journal
from zdtui.postgres.rejected import rejected_sql

POSTGRES = Path(journal_sql.__code__.co_filename).parents[1]
NAMED = re.compile(r"\bzdtui\b(?!\.run_held_elsewhere)")
TEXTS = [(journal_sql, path.stem) for path in sorted((POSTGRES / "journal").glob("*.sql"))]
KEPT = [(rejected_sql, path.stem) for path in sorted((POSTGRES / "rejected").glob("*.sql"))]


def said(sql: bytes | str) -> str:
    """Without its comments, and without what the schema's own comment says of zdtui."""
    text = sql.decode() if isinstance(sql, bytes) else sql
    lines = (line.partition("--")[0] for line in text.splitlines())
    return "\n".join(lines).replace("'journal of zdtui", "'")


@pytest.mark.parametrize(("read", "name"), [*TEXTS, *KEPT], ids=lambda each: each if isinstance(each, str) else "")
def test_no_text_names_the_journal_of_runs_in_a_rehearsal(read: object, name: str) -> None:
    assert callable(read)
    with rehearsals_journal():
        assert NAMED.findall(said(read(name))) == []
    assert REHEARSAL not in said(read(name))


def test_tables_in_statements_that_are_made() -> None:
    assert journal_table("rejected") == "zdtui.rejected"
    with rehearsals_journal():
        assert journal_table("rejected") == f"{REHEARSAL}.rejected"
        assert in_its_schema("CREATE SCHEMA zdtui;") == f"CREATE SCHEMA {REHEARSAL};"
        assert in_its_schema("SET zdtui.run_held_elsewhere = 1") == "SET zdtui.run_held_elsewhere = 1"
