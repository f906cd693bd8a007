"""Every drafted plan is judged by the live schema without a stop, and does on a scratch server what was predicted.

Here what makes tables and swaps them is drafted into one plan; `make prove-draft` traces each
kind by itself, on both servers.
"""

import pytest

from tests.fix_db import Database
from tests.integration.draft import test_drafts, test_keys, test_kinds
from tests.integration.draft.proving import PROVING
from tests.integration.run.driver import do
from zdtui.draft.draft import draft_plan
from zdtui.draft.live import known_of_server
from zdtui.hazards.find import findings_of_plan
from zdtui.hazards.hazard import Severity
from zdtui.hazards.trace import with_trace
from zdtui.plan.load import parse_plan
from zdtui.postgres.target.target import Target
from zdtui.trace.run import schema_of, trace_plan

ONLY_STRONGER = "which the trace does not show: it counts"
"""A relation that the plan itself has made is said to be locked, which nobody else can notice."""
WIDER = "ALTER TABLE orders ALTER id TYPE bigint"
KEY = """;
CREATE TABLE orders (id serial PRIMARY KEY);
CREATE TABLE items (order_id int REFERENCES orders CONSTRAINT once UNIQUE)
"""


async def surprises(dsn: str, setup: str, asked: str) -> list[str]:
    """What the plan of this did on a scratch server that nobody predicted, and what stops it."""
    await do(dsn, setup)
    known = await known_of_server(Target(dsn), ())
    plan = parse_plan(draft_plan(asked, known).text, "drafted.yaml")
    trace = await trace_plan(plan, Target(dsn))
    findings = findings_of_plan(plan, version=known.version, schema=await schema_of(Target(dsn)))
    return [
        *(f"{step.step}: {each.error}" for step in trace.steps for each in step.statements if each.error),
        *(
            f"{each.place.step}: {sentence}"
            for each in with_trace(findings, trace)
            for sentence in each.disagreements
            if not sentence.endswith(ONLY_STRONGER)
        ),
        *(
            f"{each.place.step}: {hazard.rule}"
            for each in findings
            for hazard in each.hazards
            if hazard.severity is Severity.STOP and hazard.silenced is None
        ),
    ]


async def test_what_makes_and_swaps_tables_traces_as_it_was_predicted(server18: Database) -> None:
    short = [each for each in test_kinds.ASKED.split(";") if "MOVE" in each or "PARTITION" in each or "price" in each]
    found = await surprises(str(server18.dsn()), test_kinds.SETUP + KEY, ";".join([*short, WIDER]))
    assert found == [], "\n".join(found)


@pytest.mark.skipif(not PROVING, reason="make prove-draft does it")
@pytest.mark.parametrize("sql", [each.sql for each in test_drafts.CHANGES])
async def test_each_kind_traces_as_it_was_predicted(server: Database, sql: str) -> None:
    assert await surprises(str(server.dsn()), test_drafts.SETUP, sql) == []


@pytest.mark.skipif(not PROVING, reason="make prove-draft does it")
@pytest.mark.parametrize("sql", [*test_kinds.ASKED.strip().split(";"), WIDER])
async def test_so_does_what_sql_has_no_statement_for(server: Database, sql: str) -> None:
    setup = test_keys.SETUP if sql == WIDER else test_kinds.SETUP
    assert await surprises(str(server.dsn()), setup, sql) == []
