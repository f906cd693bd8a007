"""RENAME, SET SCHEMA, OWNER TO and DEPENDS ON EXTENSION, which are the same for every object."""

from postgast import pg_query_pb2 as pg

from zdtui.sql.grammar.names import is_cascade, name_of, name_of_node, strings, when
from zdtui.sql.grammar.objects import OBJECTS, ON_A_TABLE, RELATIONS, name_of_object
from zdtui.sql.kinds import KINDS
from zdtui.sql.operation import Constraint, ConstraintKind, Operation
from zdtui.sql.text.name import Name
from zdtui.sql.text.pieces import Source


def rename(tree: pg.RenameStmt, source: Source) -> tuple[Operation, ...]:
    """A relation, a column, a constraint, or any other object."""
    is_only = tree.HasField("relation") and not tree.relation.inh and tree.rename_type != pg.OBJECT_ATTRIBUTE
    words = when(TABLE_IF_EXISTS=tree.missing_ok, CASCADE=is_cascade(tree.behavior), ONLY=is_only)
    match tree.rename_type:
        case pg.OBJECT_COLUMN:
            kind = _known(f"ALTER {OBJECTS[tree.relation_type]} RENAME COLUMN", "ALTER TABLE RENAME COLUMN")
            return (_of_relation(tree, kind, words, column=tree.subname),)
        case pg.OBJECT_ATTRIBUTE:
            return (_of_relation(tree, "ALTER TYPE RENAME ATTRIBUTE", words, column=tree.subname),)
        case pg.OBJECT_TABCONSTRAINT:
            return (_of_relation(tree, "ALTER TABLE RENAME CONSTRAINT", words, constraint=tree.subname),)
        case pg.OBJECT_DOMCONSTRAINT:
            named = Constraint(kind=ConstraintKind.CHECK, name=tree.subname)
            return (
                Operation(
                    kind="ALTER DOMAIN RENAME CONSTRAINT",
                    object=name_of_node(tree.object),
                    constraint=named,
                    new_name=tree.newname,
                ),
            )
        case _:
            return (_renamed(tree, words),)


def set_schema(tree: pg.AlterObjectSchemaStmt, source: Source) -> tuple[Operation, ...]:
    """To another schema."""
    what = OBJECTS[tree.object_type]
    if tree.object_type in RELATIONS:
        words = when(TABLE_IF_EXISTS=tree.missing_ok)
        kind = f"ALTER {what} SET SCHEMA"
        return (Operation(kind=kind, relation=name_of(tree.relation), new_name=tree.newschema, words=words),)
    return (_of_object(what, "SET SCHEMA", name_of_object(tree.object_type, tree.object), tree.newschema),)


def change_owner(tree: pg.AlterOwnerStmt, source: Source) -> tuple[Operation, ...]:
    """Of an object that is no relation: those have it in ALTER TABLE."""
    name = name_of_object(tree.object_type, tree.object)
    return (_of_object(OBJECTS[tree.object_type], "OWNER TO", name, tree.newowner.rolename or None),)


def depends_on_extension(tree: pg.AlterObjectDependsStmt, source: Source) -> tuple[Operation, ...]:
    """An index, a materialized view, a trigger or a function that goes with an extension."""
    what = OBJECTS[tree.object_type]
    if tree.object_type in ON_A_TABLE:
        name = Name(None, strings(tree.object.list.items)[-1])
        kind = f"ALTER {what}"
        return (Operation(kind=kind, relation=name_of(tree.relation), object=name, words=frozenset({"DEPENDS"})),)
    if tree.HasField("relation"):
        return (Operation(kind=f"ALTER {what} DEPENDS ON EXTENSION", relation=name_of(tree.relation)),)
    return (_of_object(what, "DEPENDS ON EXTENSION", name_of_node(tree.object), None),)


def _renamed(tree: pg.RenameStmt, words: frozenset[str]) -> Operation:
    what = OBJECTS[tree.rename_type]
    if tree.rename_type in RELATIONS:
        return _of_relation(tree, f"ALTER {what} RENAME", words)
    if tree.rename_type in ON_A_TABLE:
        named = Name(None, tree.subname)
        return Operation(
            kind=f"ALTER {what}",
            relation=name_of(tree.relation),
            object=named,
            new_name=tree.newname,
            words=words | {"RENAME"},
        )
    name = name_of_object(tree.rename_type, tree.object) if tree.HasField("object") else Name(None, tree.subname)
    return _of_object(what, "RENAME", name, tree.newname)


def _of_relation(
    tree: pg.RenameStmt, kind: str, words: frozenset[str], column: str | None = None, constraint: str | None = None
) -> Operation:
    return Operation(
        kind=kind,
        relation=name_of(tree.relation),
        column=column,
        constraint=None if constraint is None else Constraint(kind=ConstraintKind.CHECK, name=constraint),
        new_name=tree.newname,
        words=words,
    )


def _of_object(what: str, action: str, name: Name | None, new_name: str | None) -> Operation:
    kind = f"ALTER {what} {action}"
    return Operation(
        kind=_known(kind, f"ALTER {what}"),
        object=name,
        new_name=new_name,
        words=frozenset() if kind in KINDS else frozenset({action}),
    )


def _known(kind: str, otherwise: str) -> str:
    return kind if kind in KINDS else otherwise
