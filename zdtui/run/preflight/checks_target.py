"""Preflight checks: is this the right server, in the right state, and may we do what the plan needs? Pure."""

import re
from collections.abc import Iterator

from zdtui.plan.model import Step
from zdtui.postgres.preflight import ConnectionFacts, RoleFacts, ServerFacts, TableFacts
from zdtui.postgres.target.services import ServiceFacts, service_of
from zdtui.run.model.state import OVER
from zdtui.run.preflight.board import Check
from zdtui.run.preflight.judge import Judge, PreflightInput, judged, ok, several, stop, warn
from zdtui.run.preflight.plan_tables import OWNER, TableNeeds, statements, table_needs

FREE_CONNECTIONS = 6
"""Three sessions to work, two to watch, and one for the person who comes to help."""
OTHER_ROLE = re.compile(r"\bSET\s+(LOCAL\s+|SESSION\s+)?(ROLE|SESSION\s+AUTHORIZATION)\b", re.IGNORECASE)


def server_version(at: PreflightInput) -> Check:
    """New enough for the plan."""
    name, needed = "server version", at.plan.target.minimum_version

    def look(server: ServerFacts) -> Check:
        said = f"PostgreSQL {server.version}"
        if needed is None:
            return ok(name, f"{said}; the plan asks for none in particular")
        if server.version_number // 10000 < needed:
            return stop(name, f"{said}, the plan needs {needed}", "run the plan against a newer server")
        return ok(name, f"{said}, the plan needs {needed}")

    return judged(name, at.facts.server, look)


def database_name(at: PreflightInput) -> Check:
    """The database the plan was written for."""
    name, wanted = "database name", at.plan.target.database

    def look(server: ServerFacts) -> Check:
        if wanted is not None and server.database != wanted:
            return stop(name, f"this is {server.database}, the plan is for {wanted}", f"connect with dbname={wanted}")
        return ok(name, f"{server.database}" + ("" if wanted else "; the plan names none"))

    return judged(name, at.facts.server, look)


def primary(at: PreflightInput) -> Check:
    """A server that can be written to."""
    name = "primary"

    def look(server: ServerFacts) -> Check:
        if server.in_recovery:
            return stop(name, "this server is a standby", "connect to the primary (target_session_attrs=read-write)")
        return ok(name, "this server is the primary")

    return judged(name, at.facts.server, look)


def string_literals(at: PreflightInput) -> Check:
    """A plan's text means one thing everywhere, also where the database still reads strings in the old way."""
    name = "string literals"

    def look(server: ServerFacts) -> Check:
        if server.conforming_strings:
            return ok(name, "a backslash in a string is a backslash")
        off = "standard_conforming_strings is off in this database; our sessions have it on"
        steps = [str(step.id) for step in at.plan.steps if any("\\" in text for text in _texts(step))]
        if not steps:
            return ok(name, f"{off}, and the plan has no backslash")
        return warn(
            name,
            f"{off}: a backslash in {', '.join(steps)} escapes nothing",
            "write E'...' where it is to escape, and look that no quote is ended by mistake",
        )

    return judged(name, at.facts.server, look)


def _texts(step: Step) -> Iterator[str]:
    """Every text of the step that the server reads as SQL."""
    yield from (statement.text for statement in statements(step))
    yield from step.verify
    yield from step.action.expressions


def real_session(at: PreflightInput) -> Check:
    """No proxy that shares sessions: locks and settings must stay with this one."""
    name, defect = "real session", at.facts.session_defect
    if defect.error is not None:
        return warn(name, f"not known: {defect.error}", "make sure no pooler stands in between")
    if defect.value is not None and "session_replication_role" in defect.value:
        return stop(
            name, defect.value, "ALTER ROLE or ALTER DATABASE ... RESET session_replication_role, or another role"
        )
    if defect.value is not None:
        return stop(
            name,
            defect.value,
            "connect to the server itself, or to a pool in session mode: locks and settings leak through this one",
        )
    return ok(name, "no pooling proxy shares this session")


def managed_service(at: PreflightInput) -> Check | None:
    """What is different on the managed service this is; no word where it is none."""
    name = "managed service"

    def look(facts: ServiceFacts) -> Check:
        service = service_of(facts)
        if service is None:
            return ok(name, "none that is known here")
        if service.pooled:
            return stop(name, service.pooled, "connect to the direct address")
        return ok(name, f"this is {service.name}: {service.different}")

    check = judged(name, at.facts.service, look)
    return None if at.facts.service.value is not None and service_of(at.facts.service.value) is None else check


def role_may(at: PreflightInput) -> Check:
    """The role may do what the steps still to come need."""
    name = "role"

    def look(tables: tuple[TableFacts, ...]) -> Check:
        found = {table.name: table for table in tables}
        pending = [step for step in at.plan.steps if at.run.step(step.id).status not in OVER]
        lacking = [text for need in table_needs(pending) for text in _lacking(need, found.get(need.name))]
        lacking += _schema(at)
        role = at.facts.role.value.role if at.facts.role.value else "the role"
        if not lacking:
            return ok(name, f"{role} may do what the plan needs")
        finding = f"{role} {several(lacking)}"
        if any(OTHER_ROLE.search(statement.text) for step in pending for statement in statements(step)):
            return warn(name, finding, "the plan changes the role: make sure that the other one may")
        return stop(name, finding, "connect as the owner, or have the privileges granted")

    return judged(name, at.facts.tables, look)


def tables_present(at: PreflightInput) -> Check | None:
    """The tables of the steps still to come exist, or the plan makes them."""
    name = "tables"

    def look(tables: tuple[TableFacts, ...]) -> Check:
        present = {table.name for table in tables if table.present}
        created = {_bare(need.name) for need in table_needs(at.plan.steps) if need.created}
        pending = [step for step in at.plan.steps if at.run.step(step.id).status not in OVER]
        missing = [
            need.name
            for need in table_needs(pending)
            if need.needs and need.name not in present and _bare(need.name) not in created
        ]
        if missing:
            return warn(name, f"not found: {several(missing)}", "check the names and the search_path of this role")
        return ok(name, several(sorted(present)) or "the plan names none that is here already")

    return judged(name, at.facts.tables, look) if at.facts.tables.value != () else None


def journal_schema(at: PreflightInput) -> Check:
    """The journal is there and can be written, or can be made."""
    name = "journal"
    if at.journal_refuses:
        return stop(name, at.journal_refuses, "see to that first: nothing is run that cannot be written down")

    def look(role: RoleFacts) -> Check:
        if at.journal_installed:
            return ok(name, "schema zdtui is in place")
        if role.may_create_schema:
            return ok(name, "schema zdtui will be made with the first step")
        return stop(
            name,
            f"schema zdtui is missing and {role.role} may not make it",
            f"GRANT CREATE ON DATABASE ... TO {role.role}, or have its owner make it",
        )

    return judged(name, at.facts.role, look)


def known_server(at: PreflightInput) -> Check | None:
    """Whether a failover would be noticed by the server's own word; the journal's chain tells it all the same."""
    if not at.not_known:
        return None
    remedy = "GRANT EXECUTE ON FUNCTION pg_control_system() and pg_current_wal_lsn() to this role"
    return warn("same server", f"{at.not_known}: whether a standby was promoted is told by the journal alone", remedy)


def sees_all(at: PreflightInput) -> Check:
    """The panes see everybody."""
    name = "pg_monitor"

    def look(role: RoleFacts) -> Check:
        if role.sees_all_sessions:
            return ok(name, f"{role.role} sees every session")
        return warn(
            name,
            f"{role.role} is no member of pg_monitor: others' queries, ages, standbys and progress are hidden",
            f"GRANT pg_monitor TO {role.role}",
        )

    return judged(name, at.facts.role, look)


def free_connections(at: PreflightInput) -> Check:
    """Room for a reconnect, and for the application."""
    name = "connections"

    def look(connections: ConnectionFacts) -> Check:
        said = f"{connections.used} of {connections.allowed} connections are in use"
        if connections.allowed - connections.used < FREE_CONNECTIONS:
            return warn(name, said, "free some: a lost connection could not be restored")
        return ok(name, said)

    return judged(name, at.facts.connections, look)


def _lacking(need: TableNeeds, table: TableFacts | None) -> list[str]:
    if table is None or not table.present:
        return []
    lacks = []
    if OWNER in need.needs and not table.owned:
        lacks.append(f"does not own {need.name} (owner {table.owner})")
    if missing := sorted(need.needs - {OWNER} - table.privileges):
        lacks.append(f"may not {', '.join(missing)} on {need.name}")
    return lacks


def _schema(at: PreflightInput) -> list[str]:
    role = at.facts.role.value
    makes = any(need.created and "." not in need.name for need in table_needs(at.plan.steps) if not _there(at, need))
    if role is None or not makes or role.may_create_in_schema:
        return []
    return [f"may not create tables in schema {role.schema}"] if role.schema else ["has no schema to create tables in"]


def _there(at: PreflightInput, need: TableNeeds) -> bool:
    return any(table.name == need.name and table.present for table in at.facts.tables.value or ())


def _bare(name: str) -> str:
    return name.rpartition(".")[2]


CHECKS: tuple[Judge, ...] = (
    server_version,
    database_name,
    primary,
    string_literals,
    real_session,
    managed_service,
    role_may,
    tables_present,
    journal_schema,
    known_server,
    sees_all,
    free_connections,
)
