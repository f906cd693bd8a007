"""Whether the journal in a database can be trusted, read and written, and what to say when not. Pure.

It is looked at before anything of it is read or written: a table that somebody else made, or that could run somebody
else's code, would run it as the operator.
"""

import re
from dataclasses import dataclass

from zdtui.postgres.journal_schema import Column, JournalSchema, Relation, Standing
from zdtui.sql.text.quote import quote_identifier

LAYOUT = 3
"""What this version writes."""
OLD_TABLES = frozenset({"event", "checkpoint", "rejected"})
COLUMNS: dict[str, dict[str, str]] = {
    "layout": {"number": "int4"},
    "event": {
        "run": "uuid",
        "sequence": "int8",
        "at": "timestamptz",
        "operator": "text",
        "kind": "text",
        "step": "text",
        "payload": "jsonb",
        "digest": "bytea",
    },
    "head": {
        "run": "uuid",
        "plan_name": "text",
        "opened": "timestamptz",
        "sequence": "int8",
        "digest": "bytea",
        "covered": "int8",
        "covered_digest": "bytea",
    },
    "checkpoint": {
        "run": "uuid",
        "step": "text",
        "lane": "int4",
        "part": "text",
        "way": "text",
        "position": "jsonb",
        "upto": "jsonb",
        "batches": "int8",
        "rows": "int8",
        "rejected": "int8",
        "at": "timestamptz",
    },
    "rejected": {"run": "uuid", "step": "text", "part": "text", "key": "jsonb", "reason": "text", "at": "timestamptz"},
}
DEFAULTS = frozenset({None, "0", "''::text", "'by key'::text", "now()"})
WRITES = {
    "layout": {"SELECT"},
    "event": {"SELECT", "INSERT"},
    "head": {"SELECT", "INSERT", "UPDATE"},
    "checkpoint": {"SELECT", "INSERT", "UPDATE", "DELETE"},
    "rejected": {"SELECT", "INSERT", "UPDATE", "DELETE"},
}
KINDS = {
    "v": "a view",
    "m": "a materialized view",
    "f": "a foreign table",
    "p": "a partitioned table",
    "S": "a sequence",
}


@dataclass(frozen=True, slots=True)
class JournalFacts:
    """All that a judgement depends on."""

    schema: JournalSchema | None
    standing: Standing
    stored: int | None = None
    """The number in zdtui.layout, where it could be read."""

    @property
    def installed(self) -> bool:
        """Whether the tables of some layout are there."""
        return self.schema is not None and self.schema.relations.keys() >= OLD_TABLES

    @property
    def layout(self) -> int:
        """The layout's number; 0 when there is no journal."""
        if self.schema is None or not self.installed:
            return 0
        commented = re.search(r"layout (\d+)", self.schema.comment)
        told = max(self.stored or 0, int(commented[1]) if commented else 0)
        made = 3 if {"layout", "head"} <= self.schema.relations.keys() else 2 if self._has_lanes() else 1
        return told if told > LAYOUT else made

    def _has_lanes(self) -> bool:
        assert self.schema is not None
        return any(column.name == "lane" for column in self.schema.relations["checkpoint"].columns)


def distrust(schema: JournalSchema | None) -> str | None:
    """Why nothing of the schema may be touched: it is not ours, or could run code. None: it may."""
    if schema is None:
        return None
    if not schema.ours:
        return _foreign("the schema zdtui", schema.owner, "ALTER SCHEMA zdtui OWNER TO")
    for relation in schema.relations.values():
        table = f"zdtui.{relation.name}"
        if not relation.ours:
            return _foreign(table, relation.owner, f"ALTER TABLE {table} OWNER TO")
        if (wrong := _not_a_plain_table(relation)) is not None:
            return (
                f"{table}, owned by {relation.owner}, is not what zdtui made: {wrong}. Nothing of it was read or "
                "written, because that could run somebody else's code. Find out who made it, and remove it"
            )
    return None


def _foreign(what: str, owner: str, remedy: str) -> str:
    return (
        f"{what} belongs to {owner}, who is not this role, the database's owner or a superuser: nothing of it was read "
        f"or written, because it could run {owner}'s code. If it is a journal you trust, {remedy} the database's owner"
    )


def _not_a_plain_table(relation: Relation) -> str | None:
    if relation.kind[0] != "r":
        return f"it is {KINDS.get(relation.kind[0], 'no table')}"
    if relation.kind[1] != "p":
        return "it is not a permanent table: a crash would empty it"
    if relation.runs_code:
        return f"it has {', '.join(relation.runs_code)}"
    known = COLUMNS[relation.name]
    for column in relation.columns:
        if column.name in known and (column.type != known[column.name] or column.computed):
            return f"its column {column.name} is {column.type}{' and computed' if column.computed else ''}"
        if column.default not in DEFAULTS:
            return f"its column {column.name} has the default {column.default}"
    return None


def too_new(facts: JournalFacts) -> str | None:
    """Why this version cannot read it: a later one made it. None: it can."""
    if facts.layout > LAYOUT:
        return f"the journal is of layout {facts.layout}, this zdtui knows layouts up to {LAYOUT}: use a newer zdtui"
    if facts.schema is None:
        return None
    for relation in facts.schema.relations.values():
        unknown = [column for column in relation.columns if _stands_in_the_way(relation, column)]
        if unknown:
            return (
                f"the journal is of a layout this zdtui does not know (layouts up to {LAYOUT}): zdtui.{relation.name} "
                f"has a column {unknown[0].name}; use the zdtui that made it, or a newer one"
            )
    return None


def _stands_in_the_way(relation: Relation, column: Column) -> bool:
    return column.name not in COLUMNS[relation.name] and column.required and column.default is None


def unreadable(facts: JournalFacts) -> str | None:
    """Why the journal must not or cannot be read; None: it can. Of a database without one: None."""
    if (foreign := distrust(facts.schema)) is not None:
        return foreign
    if (newer := too_new(facts)) is not None:
        return newer
    if facts.schema is None:
        return None
    readable = all("SELECT" in relation.may for relation in facts.schema.relations.values())
    return None if facts.schema.usable and readable else _grants(facts.schema, facts.standing.role, "read")


def unwritable(facts: JournalFacts) -> str | None:
    """Why nothing can be written to the journal; None: it can, or can be made."""
    if (reason := cannot_write_here(facts.standing)) is not None:
        return reason
    if facts.schema is None or not facts.installed:
        return None
    if facts.layout < LAYOUT:
        return None
    lacking = [name for name, needs in WRITES.items() if not needs <= facts.schema.relations[name].may]
    return _grants(facts.schema, facts.standing.role, "write") if lacking else None


def cannot_write_here(standing: Standing) -> str | None:
    """Why nobody writes on this server, or in this session."""
    if standing.in_recovery:
        primary = f"its primary is {standing.primary}" if standing.primary else "its primary is not known to this role"
        return f"this server is a standby, so that the journal cannot be written; {primary}: open the console there"
    if standing.read_only:
        return (
            "the journal cannot be written: sessions of this role or database are read-only by default "
            "(default_transaction_read_only). Set it to off for the role (ALTER ROLE), the database (ALTER DATABASE) "
            "or in the connection's options, wherever it is set; a console that is open finds out within seconds"
        )
    return None


def _grants(schema: JournalSchema, role: str, what: str) -> str:
    owners = dict.fromkeys([schema.owner, *(each.owner for each in schema.relations.values())])
    to = quote_identifier(role)
    rights = "SELECT, INSERT, UPDATE, DELETE"
    return (
        f"{role} may not {what} the journal, which belongs to {', '.join(owners)}. Its owner gives the right with: "
        f"GRANT USAGE ON SCHEMA zdtui TO {to}; GRANT {rights} ON ALL TABLES IN SCHEMA zdtui TO {to};"
    )


def not_upgraded(facts: JournalFacts, reason: str) -> str:
    """Why a journal of an older layout could not be brought up to date, and who can."""
    owner = facts.schema.relations["event"].owner if facts.schema is not None else "its owner"
    return (
        f"the journal is of layout {facts.layout} and {facts.standing.role} may not bring it to layout {LAYOUT}: "
        f"{reason}. Open the run once as {owner}, who owns it"
        + ("" if facts.schema is None else f"; then: {_grants(facts.schema, facts.standing.role, 'write')}")
    )
