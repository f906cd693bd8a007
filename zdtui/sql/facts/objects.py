"""Types, triggers, policies, rules, publications, and what locks no relation that others wait for."""

from zdtui.sql.facts import cascade, children, reach, reading, scans, unnamed
from zdtui.sql.facts import conditions as when
from zdtui.sql.facts.alter_table import AX, SRX, SUX, S
from zdtui.sql.facts.fact import Also, Fact
from zdtui.sql.facts.pages import page_of
from zdtui.sql.facts.relations import READS
from zdtui.sql.kinds import KINDS
from zdtui.sql.lock_modes import LockMode
from zdtui.sql.operation import Role

RX = LockMode.ROW_EXCLUSIVE
PUBLISHED = Also(reach.mentioned(Role.PUBLISHED), SUX, "published")
PROVES_DOMAIN = Fact(
    also=(Also(cascade.using_type, S, "it has a column of the domain"),),
    unnamed=unnamed.users_of_domain,
    scans=scans.domain_scans,
    page="sql-alterdomain.html",
)
OF_TYPE = (Also(cascade.falls_with_type, AX, "it has a column of the type, or depends on one"),)

LOCKING: dict[str, Fact] = {
    "COMMENT ON": Fact(mode_of=when.commented, page="sql-comment.html"),
    "SECURITY LABEL": Fact(mode=SUX, page="sql-security-label.html"),
    "GRANT": Fact(mode_of=when.granted, page="sql-grant.html"),
    "REVOKE": Fact(mode_of=when.granted, page="sql-revoke.html"),
    "DROP TYPE": Fact(also=OF_TYPE, unnamed=unnamed.dependents, page="sql-droptype.html"),
    "DROP DOMAIN": Fact(also=OF_TYPE, unnamed=unnamed.dependents, page="sql-dropdomain.html"),
    "ALTER DOMAIN ADD CONSTRAINT": Fact(
        also=(Also(cascade.using_unproved_type, S, "it has a column of the domain"),),
        unnamed=unnamed.users_of_domain,
        scans=scans.domain_scans,
        page="sql-alterdomain.html",
    ),
    "ALTER DOMAIN VALIDATE CONSTRAINT": PROVES_DOMAIN,
    "ALTER DOMAIN SET NOT NULL": PROVES_DOMAIN,
    "CREATE TRIGGER": Fact(
        mode=SRX,
        also=(Also(reach.row_trigger_children, SRX, "a partition of it"),),
        page="sql-createtrigger.html",
        inverse=lambda case: f"DROP TRIGGER {case.operation.object} ON {case.operation.relation}",
    ),
    "ALTER TRIGGER": Fact(
        mode=AX,
        also=(Also(children.triggered_partitions_from_15, AX, "a partition of it"),),
        page="sql-altertrigger.html",
    ),
    "DROP TRIGGER": Fact(
        mode_of=when.if_it_is_there(AX),
        also=(Also(children.triggered_partitions, AX, "a partition of it"),),
        page="sql-droptrigger.html",
    ),
    "CREATE POLICY": Fact(mode=AX, also=(READS,), page="sql-createpolicy.html"),
    "ALTER POLICY": Fact(mode=AX, also=(READS,), page="sql-alterpolicy.html"),
    "DROP POLICY": Fact(mode_of=when.if_it_is_there(AX), page="sql-droppolicy.html"),
    "CREATE RULE": Fact(
        mode=AX, also=(READS, Also(reading.written, RX, "written by the rule")), page="sql-createrule.html"
    ),
    "ALTER RULE": Fact(mode=AX, page="sql-alterrule.html"),
    "DROP RULE": Fact(mode_of=when.if_it_is_there(AX), page="sql-droprule.html"),
    "CREATE STATISTICS": Fact(mode=SUX, page="sql-createstatistics.html"),
    "DROP STATISTICS": Fact(
        also=(Also(reach.table_of_statistics, SUX, "the table"),),
        unnamed=unnamed.table_of_statistics,
        page="sql-dropstatistics.html",
    ),
    "CREATE PUBLICATION": Fact(also=(PUBLISHED,), page="sql-createpublication.html"),
    "ALTER PUBLICATION ADD": Fact(also=(PUBLISHED,), page="sql-alterpublication.html"),
    "ALTER PUBLICATION DROP": Fact(also=(PUBLISHED,), page="sql-alterpublication.html"),
    "ALTER PUBLICATION SET": Fact(
        also=(PUBLISHED, Also(reach.published_before, SUX, "published until now")), page="sql-alterpublication.html"
    ),
    "CREATE FUNCTION": Fact(also=(READS,), page="sql-createfunction.html"),
    "CREATE PROCEDURE": Fact(also=(READS,), page="sql-createprocedure.html"),
}
LOCKING |= {
    f"DROP {what}": Fact(unnamed=unnamed.dependents, page=page_of(f"DROP {what}"))
    for what in (
        *("ACCESS METHOD", "AGGREGATE", "CAST", "CONVERSION", "FUNCTION", "LANGUAGE", "OPERATOR", "OPERATOR CLASS"),
        *("OPERATOR FAMILY", "PROCEDURE", "ROUTINE", "TEXT SEARCH CONFIGURATION", "TEXT SEARCH DICTIONARY"),
        *("TEXT SEARCH PARSER", "TEXT SEARCH TEMPLATE", "TRANSFORM"),
    )
}
LOCKING |= {
    f"DROP {what}": Fact(
        also=(Also(cascade.foreign_tables, AX, "it may be on the server"),),
        unnamed=unnamed.dependents,
        page=page_of(f"DROP {what}"),
    )
    for what in ("SERVER", "FOREIGN DATA WRAPPER")
}
LOCKING |= {
    f"ALTER TYPE {action} ATTRIBUTE": Fact(unnamed=unnamed.tables_of_type, page="sql-altertype.html")
    for action in ("ADD", "DROP", "ALTER", "RENAME")
}
LOCKING |= {
    kind: Fact(unnamed=unnamed.always("what the roles own"), page=page_of(kind))
    for kind in ("DROP OWNED", "REASSIGN OWNED")
}
LOCKING |= {
    "DROP SCHEMA": Fact(
        also=(Also(cascade.falls_with_schema, AX, "it is in the schema, or depends on what is"),),
        unnamed=unnamed.dependents_of_schema,
        page="sql-dropschema.html",
    ),
    "DROP COLLATION": Fact(
        also=(Also(cascade.falls_with_collation, AX, "it has a column of that collation"),),
        unnamed=unnamed.dependents,
        page="sql-dropcollation.html",
    ),
    "DROP EXTENSION": Fact(unnamed=unnamed.dependents_of_extension, page="sql-dropextension.html"),
    "ALTER EXTENSION": Fact(
        unnamed=unnamed.always("what belongs to it, or what its script touches"), page="sql-alterextension.html"
    ),
}
NO_RELATION = frozenset(
    kind
    for kind in KINDS
    if kind not in LOCKING
    and kind.startswith(
        (
            *("ALTER TYPE", "ALTER DOMAIN", "ALTER PUBLICATION", "CREATE TYPE", "CREATE DOMAIN", "DROP PUBLICATION"),
            *("ALTER STATISTICS", "ALTER DEFAULT PRIVILEGES", "ALTER LARGE OBJECT", "ALTER SYSTEM", "ALTER ROUTINE"),
        )
    )
)
"""Kinds that lock no relation of people's."""

FACTS: dict[str, Fact] = LOCKING | {kind: Fact(page=page_of(kind)) for kind in NO_RELATION}
