"""The manual's names for kinds of object, and what is common to commands on any of them."""

from postgast import pg_query_pb2 as pg

from zdtui.sql.grammar.names import name_of_node, name_of_parts
from zdtui.sql.text.name import Name

NAMELESS = frozenset({pg.OBJECT_CAST, pg.OBJECT_TRANSFORM, pg.OBJECT_OPERATOR, pg.OBJECT_LARGEOBJECT})
"""Objects known by something else than a name."""
OF_A_METHOD = frozenset({pg.OBJECT_OPCLASS, pg.OBJECT_OPFAMILY})
"""Objects whose name comes after that of their access method."""
OBJECTS: dict[int, str] = {
    pg.OBJECT_ACCESS_METHOD: "ACCESS METHOD",
    pg.OBJECT_AGGREGATE: "AGGREGATE",
    pg.OBJECT_CAST: "CAST",
    pg.OBJECT_COLLATION: "COLLATION",
    pg.OBJECT_CONVERSION: "CONVERSION",
    pg.OBJECT_DATABASE: "DATABASE",
    pg.OBJECT_DOMAIN: "DOMAIN",
    pg.OBJECT_DOMCONSTRAINT: "DOMAIN",
    pg.OBJECT_EVENT_TRIGGER: "EVENT TRIGGER",
    pg.OBJECT_EXTENSION: "EXTENSION",
    pg.OBJECT_FDW: "FOREIGN DATA WRAPPER",
    pg.OBJECT_FOREIGN_SERVER: "SERVER",
    pg.OBJECT_FOREIGN_TABLE: "FOREIGN TABLE",
    pg.OBJECT_FUNCTION: "FUNCTION",
    pg.OBJECT_INDEX: "INDEX",
    pg.OBJECT_LANGUAGE: "LANGUAGE",
    pg.OBJECT_LARGEOBJECT: "LARGE OBJECT",
    pg.OBJECT_MATVIEW: "MATERIALIZED VIEW",
    pg.OBJECT_OPCLASS: "OPERATOR CLASS",
    pg.OBJECT_OPERATOR: "OPERATOR",
    pg.OBJECT_OPFAMILY: "OPERATOR FAMILY",
    pg.OBJECT_POLICY: "POLICY",
    pg.OBJECT_PROCEDURE: "PROCEDURE",
    pg.OBJECT_PUBLICATION: "PUBLICATION",
    pg.OBJECT_ROLE: "ROLE",
    pg.OBJECT_ROUTINE: "ROUTINE",
    pg.OBJECT_RULE: "RULE",
    pg.OBJECT_SCHEMA: "SCHEMA",
    pg.OBJECT_SEQUENCE: "SEQUENCE",
    pg.OBJECT_SUBSCRIPTION: "SUBSCRIPTION",
    pg.OBJECT_STATISTIC_EXT: "STATISTICS",
    pg.OBJECT_TABLE: "TABLE",
    pg.OBJECT_TABLESPACE: "TABLESPACE",
    pg.OBJECT_TRANSFORM: "TRANSFORM",
    pg.OBJECT_TRIGGER: "TRIGGER",
    pg.OBJECT_TSCONFIGURATION: "TEXT SEARCH CONFIGURATION",
    pg.OBJECT_TSDICTIONARY: "TEXT SEARCH DICTIONARY",
    pg.OBJECT_TSPARSER: "TEXT SEARCH PARSER",
    pg.OBJECT_TSTEMPLATE: "TEXT SEARCH TEMPLATE",
    pg.OBJECT_TYPE: "TYPE",
    pg.OBJECT_USER_MAPPING: "USER MAPPING",
    pg.OBJECT_VIEW: "VIEW",
}
RELATIONS = frozenset(
    {pg.OBJECT_TABLE, pg.OBJECT_FOREIGN_TABLE, pg.OBJECT_INDEX, pg.OBJECT_MATVIEW, pg.OBJECT_SEQUENCE, pg.OBJECT_VIEW}
)
"""Objects that are relations: others wait for locks on them."""
ON_A_TABLE = frozenset({pg.OBJECT_TRIGGER, pg.OBJECT_POLICY, pg.OBJECT_RULE})
"""Objects named as the last part after their table's name."""


def name_of_object(of: int, node: pg.Node) -> Name | None:
    """The name of an object of that kind; None for what has none."""
    if of in NAMELESS:
        return None
    return name_of_parts(node.list.items[1:]) if of in OF_A_METHOD else name_of_node(node)
