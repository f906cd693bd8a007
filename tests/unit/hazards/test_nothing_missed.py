"""What a statement of the corpus does to others for long is never without a hazard that says so."""

import pytest

from tests.corpus import SCHEMA, Case, cases
from zdtui.hazards.example import schema_of
from zdtui.hazards.find import findings_of_sql
from zdtui.hazards.hazard import Severity
from zdtui.sql.lock_modes import LockMode

HARMLESS = {"REFRESH MATERIALIZED VIEW CONCURRENTLY totals"}
"""EXCLUSIVE on a materialized view keeps out nothing but another refresh: nobody writes one."""


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.name)
def test_what_works_long_under_a_lock_that_keeps_writers_out_is_at_least_a_warning(case: Case) -> None:
    (finding,) = findings_of_sql(case.sql, "corpus.sql", schema=schema_of(f"{SCHEMA};{case.given}"))
    effects = finding.effects
    strong = any(lock.mode.conflicts_with(LockMode.ROW_EXCLUSIVE) and not lock.late for lock in effects.locks)
    long = effects.rewrites or effects.scans or effects.rebuilds
    loud = [hazard for hazard in finding.hazards if hazard.severity is not Severity.NOTE]
    assert loud or not (strong and long) or case.sql in HARMLESS
