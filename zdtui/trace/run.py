"""A whole plan run on the scratch server, step by step: forward, back, and forward again to go on.

What cannot be run there (an extension is missing, a role may not) is said beside its statement, and the rest is traced
all the same. Manual steps and waits are passed over; a backfill or copy is run once over tables that hold nothing.
"""

import contextlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import psycopg

from zdtui.demo.dumper import find_dumper
from zdtui.fingerprint.compare import compare
from zdtui.fingerprint.dumper import Dumper
from zdtui.fingerprint.fingerprint import Fingerprint
from zdtui.fingerprint.take import take
from zdtui.fingerprint.verdict import Verdict, VerdictKind
from zdtui.hazards.hazard import Part
from zdtui.hazards.located import LocatedStatement, located_statements
from zdtui.hazards.trace import Trace, TracedLock, TracedStatement, TracedStep, statement_digest
from zdtui.plan.model import Plan, SqlRollback, Step
from zdtui.postgres.catalog import read_schema
from zdtui.postgres.encoding import UTF8, server_encoding
from zdtui.postgres.sessions.connect import closed_unless_kept, connect, identity
from zdtui.postgres.target.target import Target
from zdtui.sql.schema.relations import Schema
from zdtui.trace.dump import dump_schema
from zdtui.trace.observe import Connection, observe, observe_alone
from zdtui.trace.observed import Observed
from zdtui.trace.scratch import Scratch, scratch_major, scratch_server

MOST_DIFFERENCES = 40
"""Lines that are kept of a rollback that does not bring it back."""
ROLES = "SELECT rolname FROM pg_catalog.pg_roles WHERE rolname !~ '^pg_' ORDER BY rolname"
SETTINGS = "SET statement_timeout = '60s'; SET lock_timeout = '10s'"


@dataclass(frozen=True)
class Origin:
    """The target, as far as a trace needs to know it."""

    where: str
    version: str
    major: int
    roles: tuple[str, ...]
    search_path: tuple[str, ...] | None
    encoding: str = UTF8


async def trace_plan(plan: Plan, target: Target, report: Callable[[str], None] = lambda line: None) -> Trace:
    """Run the plan on a copy of the target's schema and tell what PostgreSQL did.

    The target is only read. Raises TargetError or EmbeddedServerError when there is nothing to run it on.
    """
    origin = await look_at(target)
    schema = await dump_schema(target, find_dumper(origin.major), origin.encoding)
    major = scratch_major(origin.major)
    with scratch_server(major, schema, origin.roles, origin.encoding) as scratch:
        notes = [*_version_notes(origin, major), *(f"not copied: {each}" for each in scratch.complaints)]
        tracer = Tracer(scratch, origin, find_dumper(major))
        steps = []
        for step in plan.steps:
            report(step.id)
            steps.append(await tracer.step(plan, step))
        version = await tracer.server_version()
    return Trace(
        plan_name=plan.name,
        plan_digest=plan.digest,
        taken_at=datetime.now(UTC),
        target=origin.where,
        target_version=origin.version,
        scratch_version=version,
        notes=tuple(notes),
        steps=tuple(steps),
    )


async def look_at(target: Target) -> Origin:
    """What the trace needs to know of the target. Raises TargetError."""
    connection = await connect(target, application_name="zdtui trace", only_asks=False)
    try:
        who = await identity(connection)
        roles = tuple(row[0] for row in await (await connection.execute(ROLES)).fetchall())
        encoding = server_encoding(connection)
    finally:
        await connection.close()
    where = f"{who.database} at {who.address}"
    return Origin(where, who.version, who.version_number // 10000, roles, connection.path, encoding)


async def schema_of(target: Target) -> Schema:
    """What the target knows of its tables, to predict from. Raises TargetError."""
    connection = await connect(target, application_name="zdtui trace", only_asks=False)
    try:
        return await read_schema(connection)
    finally:
        await connection.close()


def _version_notes(origin: Origin, major: int) -> list[str]:
    if origin.major == major:
        return []
    newer = "; a newer server may do other things" if origin.major > major else ""
    return [f"the target is PostgreSQL {origin.version}, traced on PostgreSQL {major}{newer}"]


@dataclass
class Tracer:
    """Runs the steps of one plan on one scratch server."""

    scratch: Scratch
    origin: Origin
    dumper: Dumper

    async def step(self, plan: Plan, step: Step) -> TracedStep:
        """What the step did, and whether its rollback takes it back."""
        action = located_statements(plan, step, Part.ACTION)
        if not action or step.action.only_reads:
            return TracedStep(step=step.id, note=f"{step.action.kind}: nothing to trace")
        before = await self._look()
        forward = await self._run(step, action, Part.ACTION)
        if any(each.error for each in forward) or not isinstance(step.rollback, SqlRollback):
            return TracedStep(step=step.id, statements=forward)
        rollback = located_statements(plan, step, Part.ROLLBACK)
        back = await self._run(step, rollback, Part.ROLLBACK)
        broken = next((each.error for each in back if each.error), "")
        verdict = Verdict.failed(broken) if broken else compare(before, await self._look())
        again = () if broken else await self._run(step, action, Part.ACTION)
        failed = next((each.error for each in again if each.error), "")
        return TracedStep(
            step=step.id,
            statements=(*forward, *back),
            rollback_exact=None if verdict.kind is VerdictKind.UNKNOWN else verdict.is_exact,
            verdict=verdict.sentence,
            differences=verdict.lines[1 : MOST_DIFFERENCES + 1],
            note=f"after its rollback it cannot be run again: {failed}" if failed else "",
        )

    async def server_version(self) -> str:
        """Of the scratch server."""
        async with self._session() as connection:
            return (await identity(connection)).version

    async def _look(self) -> Fingerprint:
        return await take(Target(self.scratch.dsn), self.dumper)

    async def _run(
        self, step: Step, statements: tuple[LocatedStatement, ...], part: Part
    ) -> tuple[TracedStatement, ...]:
        together = all(each.statement.transactional for each in statements)
        return await (self._together if together else self._alone)(step, statements, part)

    async def _together(
        self, step: Step, statements: tuple[LocatedStatement, ...], part: Part
    ) -> tuple[TracedStatement, ...]:
        done: list[TracedStatement] = []
        async with self._session() as connection:
            await connection.execute("BEGIN")
            for index, each in enumerate(statements):
                try:
                    done.append(_traced(part, index, each, await observe(connection, _to_run(step, part, each))))
                except psycopg.Error as error:
                    done.append(_failed(part, index, each, error))
                    break
            await connection.execute("ROLLBACK" if any(each.error for each in done) else "COMMIT")
        return tuple(done)

    async def _alone(
        self, step: Step, statements: tuple[LocatedStatement, ...], part: Part
    ) -> tuple[TracedStatement, ...]:
        done: list[TracedStatement] = []
        for index, each in enumerate(statements):
            table = next((one.relation for one in each.statement.operations if one.relation is not None), None)
            try:
                done.append(_traced(part, index, each, await observe_alone(self._connect, each.statement.text, table)))
            except psycopg.Error as error:
                done.append(_failed(part, index, each, error))
                break
        return tuple(done)

    @contextlib.asynccontextmanager
    async def _session(self) -> AsyncIterator[Connection]:
        connection = await self._connect()
        try:
            yield connection
        finally:
            await connection.close()

    async def _connect(self) -> Connection:
        connection = await connect(Target(self.scratch.dsn), application_name="zdtui trace", only_asks=False)
        async with closed_unless_kept(connection) as keep:
            connection.path = self.origin.search_path
            await connection.execute(SETTINGS)
            keep()
        return connection


def _to_run(step: Step, part: Part, written: LocatedStatement) -> str:
    """A backfill or copy without its batch's bounds: the tables are empty."""
    if part is not Part.ACTION:
        return written.statement.text
    return step.action.judged.on_empty_tables or written.statement.text


def _traced(part: Part, index: int, written: LocatedStatement, observed: Observed) -> TracedStatement:
    return TracedStatement(
        part=part,
        index=index,
        digest=statement_digest(written.statement.text),
        locks=tuple(
            TracedLock(schema_name=lock.relation.schema or "", relation=lock.relation.name, mode=lock.mode)
            for lock in observed.locks
        ),
        rewrites=tuple((name.schema or "", name.name) for name in observed.rewrites),
        scans=tuple((name.schema or "", name.name) for name in observed.scans),
        created=tuple(str(name) for name in observed.created),
    )


def _failed(part: Part, index: int, written: LocatedStatement, error: psycopg.Error) -> TracedStatement:
    said = error.diag.message_primary or " ".join(str(error).split())
    return TracedStatement(part=part, index=index, digest=statement_digest(written.statement.text), error=said)
