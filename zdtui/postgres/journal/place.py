"""Which schema the journal of this task's engine is in: `zdtui`, or, of a rehearsal, one of its own.

A rehearsal may run where finished runs have left their journal, and what it writes must never be taken for one. Tasks
inherit what the conductor says before it makes them, so that several engines of one process keep theirs apart.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

JOURNAL: Final = "zdtui"
REHEARSAL: Final = "zdtui_rehearsal"

_schema: ContextVar[str] = ContextVar("schema of the journal", default=JOURNAL)
_NAMED = re.compile(r"\bzdtui(?=\.(?:event|head|checkpoint|layout|rejected)\b|;| IS '|'::name)")
"""The schema's name in SQL of ours, as the schema itself or before one of its tables."""


def journal_table(name: str) -> str:
    """One of the journal's tables, as SQL names it: 'zdtui.rejected'."""
    return f"{_schema.get()}.{name}"


def in_its_schema(text: str) -> str:
    """SQL of ours that names the schema zdtui, for the schema in which the journal is."""
    schema = _schema.get()
    return text if schema == JOURNAL else _NAMED.sub(schema, text)


def journal_is_of_a_rehearsal() -> None:
    """From here on in this task, and in those it makes: the journal is a rehearsal's."""
    _schema.set(REHEARSAL)


@contextmanager
def rehearsals_journal() -> Iterator[None]:
    """The same for a block."""
    token = _schema.set(REHEARSAL)
    try:
        yield
    finally:
        _schema.reset(token)
