"""Types, triggers, policies, rules, publications, and what locks no relation that others wait for."""

from zdtui.sql.facts import conditions as when
from zdtui.sql.facts import reach, scans
from zdtui.sql.facts.alter_table import AX, SRX, SUX, S
from zdtui.sql.facts.fact import Also, Fact
from zdtui.sql.facts.pages import page_of
from zdtui.sql.facts.relations import READS
from zdtui.sql.kinds import KINDS
from zdtui.sql.operation import Role

PUBLISHED = Also(reach.mentioned(Role.PUBLISHED), SUX, "published")
OF_DOMAIN = (Also(reach.using_type, S, "it has a column of the domain"),)
OF_TYPE = (Also(reach.dropped_with_type, AX, "it has a column of the type"),)

LOCKING: dict[str, Fact] = {
    "COMMENT ON": Fact(mode=SUX, page="sql-comment.html"),
    "SECURITY LABEL": Fact(mode=SUX, page="sql-security-label.html"),
    "GRANT": Fact(mode_of=when.granted, page="sql-grant.html"),
    "REVOKE": Fact(mode_of=when.granted, page="sql-revoke.html"),
    "DROP TYPE": Fact(also=OF_TYPE, page="sql-droptype.html"),
    "DROP DOMAIN": Fact(also=OF_TYPE, page="sql-dropdomain.html"),
    "ALTER TYPE ADD ATTRIBUTE": Fact(page="sql-altertype.html"),
    "ALTER DOMAIN ADD CONSTRAINT": Fact(
        also=(Also(scans.type_scans, S, "it has a column of the domain"),),
        scans=scans.type_scans,
        page="sql-alterdomain.html",
    ),
    "ALTER DOMAIN VALIDATE CONSTRAINT": Fact(also=OF_DOMAIN, scans=reach.using_type, page="sql-alterdomain.html"),
    "ALTER DOMAIN SET NOT NULL": Fact(also=OF_DOMAIN, scans=reach.using_type, page="sql-alterdomain.html"),
    "CREATE TRIGGER": Fact(
        mode=SRX,
        also=(Also(reach.row_trigger_children, SRX, "a partition of it"),),
        page="sql-createtrigger.html",
        inverse=lambda case: f"DROP TRIGGER {case.operation.object} ON {case.operation.relation}",
    ),
    "ALTER TRIGGER": Fact(mode=AX, page="sql-altertrigger.html"),
    "DROP TRIGGER": Fact(mode_of=when.if_it_is_there(AX), page="sql-droptrigger.html"),
    "CREATE POLICY": Fact(mode=AX, also=(READS,), page="sql-createpolicy.html"),
    "ALTER POLICY": Fact(mode=AX, also=(READS,), page="sql-alterpolicy.html"),
    "DROP POLICY": Fact(mode_of=when.if_it_is_there(AX), page="sql-droppolicy.html"),
    "CREATE RULE": Fact(mode=AX, also=(READS,), page="sql-createrule.html"),
    "ALTER RULE": Fact(mode=AX, page="sql-alterrule.html"),
    "DROP RULE": Fact(mode_of=when.if_it_is_there(AX), page="sql-droprule.html"),
    "CREATE STATISTICS": Fact(mode=SUX, page="sql-createstatistics.html"),
    "DROP STATISTICS": Fact(also=(Also(reach.table_of_statistics, SUX, "the table"),), page="sql-dropstatistics.html"),
    "CREATE PUBLICATION": Fact(also=(PUBLISHED,), page="sql-createpublication.html"),
    "ALTER PUBLICATION ADD": Fact(also=(PUBLISHED,), page="sql-alterpublication.html"),
    "ALTER PUBLICATION DROP": Fact(also=(PUBLISHED,), page="sql-alterpublication.html"),
    "ALTER PUBLICATION SET": Fact(
        also=(PUBLISHED, Also(reach.published_before, SUX, "published until now")), page="sql-alterpublication.html"
    ),
    "CREATE FUNCTION": Fact(also=(READS,), page="sql-createfunction.html"),
    "CREATE PROCEDURE": Fact(also=(READS,), page="sql-createprocedure.html"),
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
