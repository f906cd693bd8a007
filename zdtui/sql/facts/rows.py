"""Rows: queries and changes, with what their foreign keys reach when there are rows for it."""

from zdtui.sql.facts import reach, reading
from zdtui.sql.facts.alter_table import AS, RS
from zdtui.sql.facts.fact import Also, Fact
from zdtui.sql.facts.relations import READS
from zdtui.sql.lock_modes import LockMode

RX = LockMode.ROW_EXCLUSIVE
LOCKED_PARTS = Also(reading.parts_locked, RS, "a part of what is locked", late=True)
LOCKED = Also(reading.rows_locked, RS, "rows of it are locked")
WRITTEN = Also(reading.written, RX, "written by it")
THROUGH_VIEW = Also(reading.written_through_view, RX, "written through the view")
CHECKED = Also(reading.checked_by_rows, RS, "a foreign key is checked there", late=True)
CASCADED = Also(reading.cascades_by_rows, RX, "a foreign key cascades there", late=True)
PARTS_READ = Also(reading.parts_read, AS, "a part of what is read", late=True)
READING = (READS, LOCKED, LOCKED_PARTS, WRITTEN, PARTS_READ)
PARTITIONS = Also(reach.children, RX, "a part of it that has such rows", late=True)


def changes(page: str) -> Fact:
    """A command that writes rows."""
    return Fact(mode=RX, also=(*READING, THROUGH_VIEW, CHECKED, CASCADED, PARTITIONS), page=page)


FACTS: dict[str, Fact] = {
    "SELECT": Fact(also=READING, page="sql-select.html"),
    "INSERT": changes("sql-insert.html"),
    "UPDATE": changes("sql-update.html"),
    "DELETE": changes("sql-delete.html"),
    "MERGE": changes("sql-merge.html"),
    "COPY FROM": changes("sql-copy.html"),
    "COPY TO": Fact(mode=AS, also=READING, page="sql-copy.html"),
    "EXPLAIN": Fact(also=READING, page="sql-explain.html"),
    "PREPARE": Fact(also=READING, page="sql-prepare.html"),
    "DECLARE": Fact(also=READING, page="sql-declare.html"),
    "DO": Fact(page="sql-do.html"),
    "CALL": Fact(page="sql-call.html"),
    "EXECUTE": Fact(page="sql-execute.html"),
}
