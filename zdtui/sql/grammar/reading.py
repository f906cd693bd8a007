"""What a query reads, locks, changes and calls: a walk over its tree that knows the names WITH makes."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from postgast import pg_query_pb2 as pg

from zdtui.sql.built_in import is_built_in
from zdtui.sql.grammar.names import name_of, name_of_parts, when
from zdtui.sql.operation import Mention, Role
from zdtui.sql.text.name import Name

CHANGES = {"InsertStmt": "INSERT", "UpdateStmt": "UPDATE", "DeleteStmt": "DELETE", "MergeStmt": "MERGE"}
NO_NAMES: frozenset[str] = frozenset()
OF_A_CHANGE, OF_A_QUERY = frozenset({"with_clause", "relation"}), frozenset({"with_clause", "locking_clause"})
"""Fields that are read apart from the rest: a change's target is no relation it reads, FOR UPDATE OF names aliases."""
LEAVES = frozenset({"a_const", "column_ref", "string", "integer", "float", "boolean", "a_star", "param_ref"})
"""Nodes under which no relation and no function can be."""


@dataclass
class Reading:
    """What was met on the walk."""

    mentions: dict[Mention, None] = field(default_factory=dict)
    changes: list[Any] = field(default_factory=list)
    """The INSERT, UPDATE, DELETE and MERGE met inside, in the order they are written."""
    calls: set[Name] = field(default_factory=set)
    """Functions that are not PostgreSQL's own."""

    @property
    def words(self) -> frozenset[str]:
        """OPAQUE when a function is called of which nothing is known."""
        return when(OPAQUE=bool(self.calls))

    def add(self, role: Role, name: Name, only: bool = False) -> None:
        """Met once or many times, it is mentioned once."""
        self.mentions[Mention(role, name, only)] = None


def read_all(*trees: Any) -> Reading:
    """Everything under these parts of a tree."""
    found = Reading()
    for tree in trees:
        _walk(tree, found, NO_NAMES)
    return found


def read_change(tree: Any) -> Reading:
    """Everything under an INSERT, UPDATE, DELETE or MERGE but its own target."""
    found = Reading()
    _statement(tree, found, NO_NAMES)
    return found


def _walk(tree: Any, found: Reading, made: frozenset[str]) -> None:
    """`made`: names that a WITH made, which are no relations here."""
    match tree.DESCRIPTOR.name:
        case "Node":
            if (kind := tree.WhichOneof("node")) is not None and kind not in LEAVES:
                _walk(getattr(tree, kind), found, made)
        case "RangeVar":
            if tree.schemaname or tree.relname not in made:
                found.add(Role.READ, name_of(tree), only=not tree.inh)
        case "SelectStmt":
            _statement(tree, found, made)
            _row_locks(tree, found)
        case "InsertStmt" | "UpdateStmt" | "DeleteStmt" | "MergeStmt":
            found.changes.append(tree)
            found.add(Role.WRITTEN, name_of(tree.relation), only=not tree.relation.inh)
            _statement(tree, found, made)
        case "FuncCall":
            _call(tree, found)
            _children(tree, found, made)
        case "IntoClause":
            pass
        case _:
            _children(tree, found, made)


def _children(tree: Any, found: Reading, made: frozenset[str], without: frozenset[str] = NO_NAMES) -> None:
    for described, value in tree.ListFields():
        if described.message_type is None or described.name in without:
            continue
        for child in value if described.is_repeated else (value,):
            _walk(child, found, made)


def _statement(tree: Any, found: Reading, made: frozenset[str]) -> None:
    """The queries of a WITH in their order, each of which knows those before (all of them, if it is RECURSIVE)."""
    names = [node.common_table_expr.ctename for node in tree.with_clause.ctes]
    known = made | frozenset(names) if tree.with_clause.recursive else made
    for node, name in zip(tree.with_clause.ctes, names, strict=True):
        _walk(node.common_table_expr, found, known)
        known |= {name}
    is_change = tree.DESCRIPTOR.name in CHANGES
    _children(tree, found, known, without=OF_A_CHANGE if is_change else OF_A_QUERY)


def _row_locks(tree: pg.SelectStmt, found: Reading) -> None:
    """FOR UPDATE and its kin lock rows of what FROM names, also in its subqueries: of all of it, or of the named."""
    if not tree.locking_clause:
        return
    sources = dict(_sources(tree.from_clause))
    for node in tree.locking_clause:
        named = [each.range_var.relname for each in node.locking_clause.locked_rels] or list(sources)
        for read in (mention for alias in named for mention in sources.get(alias, ())):
            if found.mentions.pop(read, False) is None:
                found.add(Role.ROWS_LOCKED, read.name, read.only)


def _sources(nodes: Iterable[Any]) -> Iterable[tuple[str, tuple[Mention, ...]]]:
    """What is read of a FROM by the name each goes by."""
    for node in nodes:
        match node.WhichOneof("node"):
            case "range_var":
                relation = node.range_var
                read = Mention(Role.READ, name_of(relation), not relation.inh)
                yield relation.alias.aliasname or relation.relname, (read,)
            case "join_expr":
                yield from _sources((node.join_expr.larg, node.join_expr.rarg))
            case "range_subselect":
                inner = _sources(node.range_subselect.subquery.select_stmt.from_clause)
                all_read = tuple(mention for _, mentions in inner for mention in mentions)
                yield node.range_subselect.alias.aliasname, all_read
            case _:
                pass


def _call(tree: pg.FuncCall, found: Reading) -> None:
    name = name_of_parts(tree.funcname)
    if not is_built_in(name):
        found.calls.add(name)
