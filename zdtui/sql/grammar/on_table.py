"""Views, rules, triggers, policies and statistics: what hangs on tables, and which others it reads."""

from dataclasses import replace
from typing import Any

from postgast import pg_query_pb2 as pg

from zdtui.sql.grammar.create_table import persistence
from zdtui.sql.grammar.names import name_of, name_of_parts, options, when
from zdtui.sql.grammar.query import as_mentions
from zdtui.sql.grammar.reading import read_all
from zdtui.sql.grammar.wrapped import inner
from zdtui.sql.operation import Mention, Operation, Role
from zdtui.sql.text.name import Name
from zdtui.sql.text.pieces import Source

MOMENTS = {2: "BEFORE", 0: "AFTER", 64: "INSTEAD OF"}
EVENTS = {4: "INSERT", 8: "DELETE", 16: "UPDATE", 32: "TRUNCATE"}
"""Bits of src/include/catalog/pg_trigger.h."""


def create_view(tree: pg.ViewStmt, source: Source) -> tuple[Operation, ...]:
    """What its query reads is locked while it is made; functions in it are not called."""
    found = read_all(tree.query)
    return (
        Operation(
            kind="CREATE VIEW",
            relation=name_of(tree.view),
            mentions=tuple(found.mentions),
            parameters=options(tree.options),
            words=persistence(tree.view) | when(OR_REPLACE=tree.replace),
        ),
    )


def create_rule(tree: pg.RuleStmt, source: Source) -> tuple[Operation, ...]:
    """What its actions would do is only looked at."""
    found = [each for node in tree.actions for each in inner(node, source) if each.kind != "EXECUTE"]
    return (
        Operation(
            kind="CREATE RULE",
            relation=name_of(tree.relation),
            object=Name(None, tree.rulename),
            mentions=as_mentions(found),
            words=when(OR_REPLACE=tree.replace, INSTEAD=tree.instead),
        ),
    )


def create_trigger(tree: pg.CreateTrigStmt, source: Source) -> tuple[Operation, ...]:
    """A trigger with its moment and events."""
    others = (Mention(Role.REFERENCED, name_of(tree.constrrel)),) if tree.HasField("constrrel") else ()
    events = frozenset(word for bit, word in EVENTS.items() if tree.events & bit)
    return (
        Operation(
            kind="CREATE TRIGGER",
            relation=name_of(tree.relation),
            object=Name(None, tree.trigname),
            mentions=others,
            expression=name_of_parts(tree.funcname).written,
            words=events
            | {MOMENTS.get(tree.timing, "AFTER")}
            | when(OR_REPLACE=tree.replace, CONSTRAINT=tree.isconstraint, FOR_EACH_ROW=tree.row),
        ),
    )


def create_policy(tree: pg.CreatePolicyStmt, source: Source) -> tuple[Operation, ...]:
    """What its conditions read is locked while they are looked at."""
    return (_policy(tree, "CREATE POLICY"),)


def alter_policy(tree: pg.AlterPolicyStmt, source: Source) -> tuple[Operation, ...]:
    """The same conditions, anew."""
    return (_policy(tree, "ALTER POLICY"),)


def create_statistics(tree: pg.CreateStatsStmt, source: Source) -> tuple[Operation, ...]:
    """Of one table; more are not implemented by any server."""
    tables = [name_of(node.range_var) for node in tree.relations if node.HasField("range_var")]
    plain = Operation(kind="CREATE STATISTICS", words=when(IF_NOT_EXISTS=tree.if_not_exists))
    name = name_of_parts(tree.defnames) if tree.defnames else None
    return (replace(plain, relation=tables[0] if tables else None, object=name),)


def _policy(tree: Any, kind: str) -> Operation:
    conditions = [getattr(tree, name) for name in ("qual", "with_check") if tree.HasField(name)]
    return Operation(
        kind=kind,
        relation=name_of(tree.table),
        object=Name(None, tree.policy_name),
        mentions=tuple(read_all(*conditions).mentions),
    )
