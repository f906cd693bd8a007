"""What PostgreSQL 19 brought is read by its words alone: which tables it names, and whether it has to run alone."""

import pytest

from zdtui.sql.operation import Role
from zdtui.sql.split import split

MERGE = "ALTER TABLE s.t MERGE PARTITIONS"


@pytest.mark.parametrize(
    ("sql", "named"),
    [
        (f"{MERGE} (p, q) INTO r", ["p", "q"]),
        (f'{MERGE} (s.p, "S"."Q") INTO s.r', ["s.p", '"S"."Q"']),
        ("ALTER TABLE s.t SPLIT PARTITION s.p INTO (PARTITION s.a DEFAULT)", ["s.p"]),
        (MERGE, []),
    ],
)
def test_partitions_are_named_with_their_schema(sql: str, named: list[str]) -> None:
    (operation,) = split(sql)[0].operations
    assert [str(name) for name in operation.mentioned(Role.PARTITION)] == named


@pytest.mark.parametrize(
    ("sql", "table", "in_a_transaction"),
    [
        ("REPACK", None, False),
        ("REPACK USING INDEX", None, False),
        ("REPACK (VERBOSE) USING INDEX", None, False),
        ("REPACK t", "t", True),
        ("REPACK (VERBOSE, ANALYZE) s.t USING INDEX i", "s.t", True),
        ("REPACK (CONCURRENTLY) t", "t", False),
        ("REPACK (CONCURRENTLY off) t", "t", True),
    ],
)
def test_repack_without_a_table_is_of_all_and_runs_alone(sql: str, table: str | None, in_a_transaction: bool) -> None:
    (statement,) = split(sql)
    (operation,) = statement.operations
    assert (None if operation.relation is None else str(operation.relation)) == table
    assert ("ALL" in operation.words) == (table is None)
    assert statement.transactional == in_a_transaction
