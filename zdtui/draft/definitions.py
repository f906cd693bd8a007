"""The texts that make an index or a constraint, read by the server's grammar and written for other columns. Pure.

Names of columns are put in where the tree has them, so that an expression, a WHERE, an INCLUDE and the list of
ON DELETE SET NULL follow. What the grammar cannot read raises DraftError.
"""

from collections.abc import Iterator, Mapping

from postgast import deparse, find_nodes
from postgast import pg_query_pb2 as pg

from zdtui.draft.drafted import Asked, DraftError, columns_of
from zdtui.draft.tree import parsed
from zdtui.sql.schema.relations import Relation
from zdtui.sql.text.name import Name

Renames = Mapping[str, str]
"""By column: what it is called there."""


def index_text(definition: str, name: str, table: Name, renames: Renames, concurrent: bool = True) -> str:
    """CREATE INDEX of the same kind, under that name, on these columns: CONCURRENTLY, or at once on an empty table."""
    tree = parsed(definition)
    index = tree.stmts[0].stmt.index_stmt
    index.idxname, index.concurrent, index.if_not_exists = name, concurrent, False
    _place(index.relation, table)
    for element in (*index.index_params, *index.index_including_params):
        element.index_elem.name = renames.get(element.index_elem.name, element.index_elem.name)
    _rename_mentioned(index, renames)
    return str(deparse(tree))


def mentioned_in_index(definition: str | None) -> frozenset[str]:
    """The columns that the index has to do with: in it, in an expression of it, in its WHERE."""
    if definition is None:
        return frozenset()
    index = parsed(definition).stmts[0].stmt.index_stmt
    elements = (*index.index_params, *index.index_including_params)
    mentioned = (each.fields[-1].string.sval for each in find_nodes(index, pg.ColumnRef))
    return frozenset((*(each.index_elem.name for each in elements), *mentioned))


def is_of_columns_alone(definition: str) -> bool:
    """Whether the index has no expression, no WHERE and no operator class of its own."""
    index = parsed(definition).stmts[0].stmt.index_stmt
    elements = [each.index_elem for each in (*index.index_params, *index.index_including_params)]
    return not index.HasField("where_clause") and all(each.name and not each.opclass for each in elements)


def constraint_text(
    statement: str,
    table: Name,
    name: str,
    own: Renames,
    references: Name | None = None,
    referenced_columns: tuple[str, ...] = (),
) -> str:
    """ALTER TABLE ... ADD CONSTRAINT of the same kind, NOT VALID, under that name, between these columns."""
    tree = parsed(statement)
    _place(tree.stmts[0].stmt.alter_table_stmt.relation, table)
    constraint = _constraint(tree)
    constraint.conname, constraint.skip_validation, constraint.initially_valid = name, True, False
    for each in (*constraint.fk_attrs, *constraint.fk_del_set_cols):
        each.string.sval = own.get(each.string.sval, each.string.sval)
    if references is not None:
        _place(constraint.pktable, references)
        del constraint.pk_attrs[:]
        for column in referenced_columns:
            constraint.pk_attrs.add().string.sval = column
    _rename_mentioned(constraint, own)
    return str(deparse(tree))


def at_once(statement: str, table: Name, name: str) -> str:
    """The constraint added to a table that is empty, so that there is nothing to prove later."""
    tree = parsed(statement)
    _place(tree.stmts[0].stmt.alter_table_stmt.relation, table)
    constraint = _constraint(tree)
    constraint.conname, constraint.skip_validation, constraint.initially_valid = name, False, True
    return str(deparse(tree))


def deferral(statement: str | None) -> str:
    """' DEFERRABLE INITIALLY DEFERRED', or what of it the constraint says; empty: nothing."""
    if statement is None:
        return ""
    constraint = _constraint(parsed(statement))
    deferred = " INITIALLY DEFERRED" if constraint.initdeferred else ""
    return f" DEFERRABLE{deferred}" if constraint.deferrable else ""


def is_of_keys_alone(statement: str | None) -> bool:
    """Whether a unique constraint says nothing but its columns."""
    if statement is None:
        return True
    constraint = _constraint(parsed(statement))
    return not constraint.including and not constraint.nulls_not_distinct


def definition_of(asked: Asked, index: Relation, table: Name) -> str:
    """The statement that makes an index of the table. DraftError where it is not known."""
    known = asked.known
    definition = known.index_definitions.get(index.name)
    if definition is None:
        if not index.plain or not is_of_keys_alone(known.constraints.get((table, index.constraint or ""))):
            raise DraftError(f"`{asked.shown}`: how {index.name.name} is made is not known here: give --dsn")
        unique = "UNIQUE " if index.unique else ""
        definition = f"CREATE {unique}INDEX i ON {table} USING btree ({columns_of(index.indexed)})"
    return definition


def constraint_of(asked: Asked, table: Name, name: str) -> str:
    """The statement that adds a constraint of the table. DraftError where it is not known."""
    text = asked.known.constraints.get((table, name))
    if text is None:
        raise DraftError(f"`{asked.shown}`: how {name} of {table} is made is not known here: give --dsn")
    return text


def adding(table: Name, name: str, definition: str) -> str:
    """The statement that adds a constraint, of the definition that pg_get_constraintdef() writes."""
    quoted = Name(None, name).written
    return f"ALTER TABLE {table} ADD CONSTRAINT {quoted} {definition}"


def constraints_in(text: str) -> Iterator[tuple[Name, str | None, tuple[str, ...], str]]:
    """Each constraint but NOT NULL that a statement makes: table, name, columns, the statement that adds it alone."""
    node = parsed(text).stmts[0].stmt
    if node.HasField("create_stmt"):
        table = _name(node.create_stmt.relation)
        elements = list(node.create_stmt.table_elts)
    else:
        table = _name(node.alter_table_stmt.relation)
        elements = [getattr(each.alter_table_cmd, "def") for each in node.alter_table_stmt.cmds]
    for element in elements:
        made = [each.constraint for each in element.column_def.constraints]
        made += [element.constraint] if element.HasField("constraint") else []
        for constraint in made:
            if constraint.contype in _WITH_COLUMNS:
                columns = constraint.fk_attrs if constraint.contype == pg.CONSTR_FOREIGN else constraint.keys
                if not columns:
                    columns.add().string.sval = element.column_def.colname
            if constraint.contype in (*_WITH_COLUMNS, pg.CONSTR_CHECK):
                columns = tuple(each.string.sval for each in (*constraint.fk_attrs, *constraint.keys))
                yield table, constraint.conname or None, columns, _alone(table, constraint)


def identities_in(text: str) -> Iterator[tuple[Name, str, str]]:
    """Each identity column that a statement makes: its table, the column, ALWAYS or BY DEFAULT."""
    node = parsed(text).stmts[0].stmt
    create, alter = node.create_stmt, node.alter_table_stmt
    table = _name(create.relation if node.HasField("create_stmt") else alter.relation)
    columns = [(each.column_def.colname, each.column_def.constraints) for each in create.table_elts]
    for command in (each.alter_table_cmd for each in alter.cmds):
        made: pg.Node = getattr(command, "def")
        columns.append((command.name or made.column_def.colname, made.column_def.constraints or [made]))
    for column, constraints in columns:
        for each in constraints:
            if each.constraint.contype == pg.CONSTR_IDENTITY:
                yield table, column, "ALWAYS" if each.constraint.generated_when == "a" else "BY DEFAULT"


def sequence_in(text: str) -> tuple[Name, str] | None:
    """The sequence that CREATE SEQUENCE makes, and the type of its values."""
    node = parsed(text).stmts[0].stmt.create_seq_stmt
    for option in (each.def_elem for each in node.options):
        if option.defname == "as":
            return _name(node.sequence), _INTEGERS.get(option.arg.type_name.names[-1].string.sval, "bigint")
    return _name(node.sequence), "bigint"


_WITH_COLUMNS = (pg.CONSTR_FOREIGN, pg.CONSTR_PRIMARY, pg.CONSTR_UNIQUE)
_INTEGERS = {"int2": "smallint", "smallint": "smallint", "int4": "integer", "integer": "integer"}


def _alone(table: Name, constraint: pg.Constraint) -> str:
    tree = parsed("ALTER TABLE t ADD CONSTRAINT c CHECK (true)")
    alter = tree.stmts[0].stmt.alter_table_stmt
    _place(alter.relation, table)
    definition: pg.Node = getattr(alter.cmds[0].alter_table_cmd, "def")
    definition.constraint.CopyFrom(constraint)
    definition.constraint.conname = constraint.conname or "c"
    return str(deparse(tree))


def _constraint(tree: pg.ParseResult) -> pg.Constraint:
    definition: pg.Node = getattr(tree.stmts[0].stmt.alter_table_stmt.cmds[0].alter_table_cmd, "def")
    return definition.constraint


def _rename_mentioned(node: pg.IndexStmt | pg.Constraint, renames: Renames) -> None:
    for each in find_nodes(node, pg.ColumnRef):
        last = each.fields[-1].string
        last.sval = renames.get(last.sval, last.sval)


def _name(relation: pg.RangeVar) -> Name:
    return Name(relation.schemaname or None, relation.relname)


def _place(relation: pg.RangeVar, name: Name) -> None:
    relation.schemaname, relation.relname, relation.inh = name.schema or "", name.name, True
