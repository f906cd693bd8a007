"""The reader of the journal, proved on rows that were written by hand."""

from uuid import uuid4

import pytest

from tests.e2e.journal import Checkpoint, Journal
from tests.fix_db import Database
from zdtui.postgres import journal as package

INSTALL = next(iter(package.__path__)) + "/install.sql"


@pytest.fixture
def journal(server18: Database) -> Journal:
    """Two events of a step, one of the run, and a checkpoint."""
    with open(INSTALL) as file:
        server18.execute(file.read())
    run = uuid4()
    for sequence, kind, step in ((2, "step started", "'fill'"), (1, "run opened", "NULL"), (3, "step held", "'fill'")):
        server18.execute(
            f"INSERT INTO zdtui.event VALUES ('{run}', {sequence}, to_timestamp({sequence}), 'ana@bastion', "
            f"'{kind}', {step}, '{{\"number\": {sequence}}}')"
        )
    columns = "run, step, position, upto, batches, rows, rejected, at"
    values = f"'{run}', 'fill', '[\"40\"]', '[\"90\"]', 2, 40, 0, now()"
    server18.execute(f"INSERT INTO zdtui.checkpoint ({columns}) VALUES ({values})")
    return Journal(server18.dsn())


def test_events_come_in_order_and_by_step(journal: Journal) -> None:
    assert journal.kinds() == ["run opened", "step started", "step held"]
    assert journal.kinds("fill") == ["step started", "step held"]
    assert journal.kinds("other") == []
    last = journal.events()[-1]
    assert (last.sequence, last.operator, last.step, last.payload) == (3, "ana@bastion", "fill", {"number": 3})


def test_a_checkpoint_is_of_its_step(journal: Journal) -> None:
    assert journal.checkpoint("fill") == Checkpoint("fill", batches=2, rows=40)
    assert journal.checkpoint("other") is None


def test_a_database_without_a_journal_has_no_events(server18: Database) -> None:
    assert Journal(server18.dsn()).events() == []
    assert Journal(server18.dsn()).checkpoint("fill") is None


def test_a_wait_that_fails_prints_the_journal(journal: Journal) -> None:
    assert journal.wait_for(lambda events: len(events) == 3)
    with pytest.raises(AssertionError, match="step held fill"):
        journal.wait_for(lambda events: len(events) > 3, seconds=0.2)
