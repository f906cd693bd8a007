"""What is known of every statement of the plan before one of them runs: asked once, when the console has a server.

Rules, the second opinion and the trace are laid together, and a rehearsal's evidence is looked for; what could not be
had is one sentence and never hides the rest. It is done beside the commands' loop and off its thread, because squawk is
a program and a catalog may be large.
"""

import asyncio

import psycopg

from zdtui.hazards.find import findings_of_plan
from zdtui.hazards.hazard import Finding
from zdtui.hazards.second_opinion import with_second_opinion
from zdtui.hazards.trace import with_trace
from zdtui.hazards.trace_file import kept_trace
from zdtui.plan.model import Plan
from zdtui.postgres.catalog import read_schema
from zdtui.run.journal.store import Connection
from zdtui.run.preflight.appraisal import Appraisal
from zdtui.run.preflight.evidence import look_for_evidence
from zdtui.sql.schema.relations import Schema


async def appraise(plan: Plan, connection: Connection) -> Appraisal:
    """Everything that is known of the plan's statements on this server. Never raises for what the server refuses."""
    version = connection.info.server_version // 10000
    notes = []
    try:
        schema = await read_schema(connection)
    except psycopg.Error as error:
        schema = Schema()
        notes.append(f"the catalog could not be read ({' '.join(str(error).split())}): effects are from the text alone")
    findings, more = await asyncio.to_thread(_findings, plan, version, schema)
    return Appraisal(findings, "; ".join([*notes, *more]), await look_for_evidence(plan, connection))


def _findings(plan: Plan, version: int, schema: Schema) -> tuple[tuple[Finding, ...], list[str]]:
    findings, squawk_note = with_second_opinion(plan, findings_of_plan(plan, version=version, schema=schema), version)
    trace, trace_note = kept_trace(plan, version)
    if trace is not None:
        findings = with_trace(findings, trace)
    return findings, [note for note in (squawk_note, trace_note) if note]
