"""What cannot run in a transaction block, by server version."""

import pytest

from tests.unit.sql.known_statements import STATEMENTS
from zdtui.sql.kinds import KINDS
from zdtui.sql.split import split
from zdtui.sql.transactions import NEWEST, OLDEST, REFUSALS, refusal, transactional


@pytest.mark.parametrize(
    ("sql", "refused_by"),
    [
        ("CREATE INDEX CONCURRENTLY i ON t (a)", range(13, 19)),
        ("CREATE INDEX i ON t (a)", range(0)),
        ("ALTER TYPE m ADD VALUE 'x'", range(0)),
        ("ALTER TABLE p DETACH PARTITION q CONCURRENTLY", range(13, 19)),
        ("ALTER TABLE p DETACH PARTITION q FINALIZE", range(0)),
        ("REFRESH MATERIALIZED VIEW CONCURRENTLY m", range(0)),
        ("REINDEX TABLE t", range(0)),
        ("REINDEX SCHEMA s", range(13, 19)),
        ("VACUUM (FULL) t", range(13, 19)),
        ("ANALYZE t", range(0)),
        ("CLUSTER", range(13, 19)),
        ("CLUSTER t", range(0)),
        ("ALTER SUBSCRIPTION s REFRESH PUBLICATION", range(14, 19)),
        ("ALTER SUBSCRIPTION s SET (failover = true)", range(17, 19)),
        ("ALTER SUBSCRIPTION s SET (two_phase = true)", range(18, 19)),
        ("ALTER SUBSCRIPTION s DISABLE", range(0)),
        ("CREATE SUBSCRIPTION s CONNECTION '' PUBLICATION p", range(13, 19)),
        ("CREATE SUBSCRIPTION s CONNECTION '' PUBLICATION p WITH (connect = false)", range(0)),
        ("COMMIT PREPARED 'a'", range(13, 19)),
    ],
)
def test_refused_by_these_versions(sql: str, refused_by: range) -> None:
    (statement,) = split(sql)
    found = statement.operations
    assert [version for version in range(OLDEST, NEWEST + 1) if not transactional(found, version)] == list(refused_by)


def test_every_row_is_about_a_kind_and_says_where_the_manual_says_so() -> None:
    for each in REFUSALS:
        assert each.kind in KINDS
        assert each.page.startswith("sql-")


def test_splitting_says_the_same_as_the_operations() -> None:
    """Splitting looks at the words alone, because it must be quick; prepared transactions are none of a plan's."""
    for _, sql in STATEMENTS:
        (statement,) = split(sql)
        found = refusal(statement.operations)
        if found is None or found.kind not in ("COMMIT PREPARED", "ROLLBACK PREPARED"):
            assert statement.transactional == (found is None), sql
