"""Columns and constraints as they are defined."""

from collections.abc import Iterable
from dataclasses import replace

from postgast import pg_query_pb2 as pg

from zdtui.sql.grammar.names import name_of, name_of_parts, strings
from zdtui.sql.operation import Column, Constraint, ConstraintKind, Mention, Role
from zdtui.sql.text.pieces import AFTER_DEFINITION, Source

KINDS = {
    pg.CONSTR_NOTNULL: ConstraintKind.NOT_NULL,
    pg.CONSTR_CHECK: ConstraintKind.CHECK,
    pg.CONSTR_PRIMARY: ConstraintKind.PRIMARY_KEY,
    pg.CONSTR_UNIQUE: ConstraintKind.UNIQUE,
    pg.CONSTR_EXCLUSION: ConstraintKind.EXCLUDE,
    pg.CONSTR_FOREIGN: ConstraintKind.FOREIGN_KEY,
}


def column_of(tree: pg.ColumnDef, source: Source) -> Column:
    """A column with its constraints."""
    parts = {node.constraint.contype: node.constraint for node in tree.constraints}
    default, generated = parts.get(pg.CONSTR_DEFAULT), parts.get(pg.CONSTR_GENERATED)
    return Column(
        name=tree.colname,
        type=type_of(tree.type_name, source) if tree.HasField("type_name") else None,
        default=_default(default, source) if default else None,
        generated=source.in_next_parentheses(source.at(generated.location)) if generated else None,
        stored=bool(generated and generated.generated_kind == "s"),
        identity=pg.CONSTR_IDENTITY in parts,
        collation=name_of_parts(tree.coll_clause.collname).written if tree.HasField("coll_clause") else None,
        constraints=_constraints(tree.constraints, tree.colname, source),
    )


def type_of(tree: pg.TypeName, source: Source) -> str | None:
    """A type as written."""
    first = source.at(tree.location)
    return source.cut(first, source.end_of(first, AFTER_DEFINITION))


def constraint_of(tree: pg.Constraint, source: Source, column: str | None = None) -> Constraint:
    """A constraint of a table, or of that column."""
    kind = KINDS[tree.contype]
    not_enforced = kind in (ConstraintKind.CHECK, ConstraintKind.FOREIGN_KEY) and not tree.is_enforced
    own = (column,) if column is not None else ()
    return Constraint(
        kind=kind,
        name=tree.conname or None,
        columns=strings(tree.fk_attrs if kind is ConstraintKind.FOREIGN_KEY else tree.keys) or own,
        references=name_of(tree.pktable) if tree.HasField("pktable") else None,
        referenced_columns=strings(tree.pk_attrs),
        using_index=tree.indexname or None,
        expression=_check(tree, source),
        not_valid=tree.skip_validation and not not_enforced,
        not_enforced=not_enforced,
        no_inherit=tree.is_no_inherit,
    )


def referenced(constraints: Iterable[Constraint]) -> tuple[Mention, ...]:
    """The tables that foreign keys among these point to."""
    return tuple(Mention(Role.REFERENCED, each.references) for each in constraints if each.references is not None)


def _constraints(nodes: Iterable[pg.Node], column: str, source: Source) -> tuple[Constraint, ...]:
    """`NOT ENFORCED` after a column's constraint is an entry of its own in the tree, and belongs to the one before."""
    found: list[Constraint] = []
    for node in nodes:
        if node.constraint.contype in KINDS:
            found.append(constraint_of(node.constraint, source, column))
        elif node.constraint.contype == pg.CONSTR_ATTR_NOT_ENFORCED and found:
            found[-1] = replace(found[-1], not_enforced=True)
    return tuple(found)


def _default(tree: pg.Constraint, source: Source) -> str | None:
    word = source.find("DEFAULT", source.at(tree.location))
    return None if word is None else source.cut(word + 1, source.end_of(word + 1, AFTER_DEFINITION))


def _check(tree: pg.Constraint, source: Source) -> str | None:
    if tree.contype != pg.CONSTR_CHECK:
        return None
    return source.in_next_parentheses(source.at(tree.location))
