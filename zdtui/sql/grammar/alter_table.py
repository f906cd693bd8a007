"""ALTER TABLE and the same actions on views, indexes, sequences, foreign tables and composite types."""

from collections.abc import Callable
from dataclasses import replace

from postgast import pg_query_pb2 as pg

from zdtui.sql.grammar.columns import column_of, constraint_of, referenced, type_of
from zdtui.sql.grammar.names import is_cascade, name_of, name_of_parts, options, when
from zdtui.sql.kinds import KINDS
from zdtui.sql.operation import Constraint, ConstraintKind, Mention, Operation, Role
from zdtui.sql.text.bounds import bound_of
from zdtui.sql.text.name import Name
from zdtui.sql.text.pieces import Source

COMMANDS = {
    pg.OBJECT_TABLE: "ALTER TABLE",
    pg.OBJECT_INDEX: "ALTER INDEX",
    pg.OBJECT_VIEW: "ALTER VIEW",
    pg.OBJECT_MATVIEW: "ALTER MATERIALIZED VIEW",
    pg.OBJECT_FOREIGN_TABLE: "ALTER FOREIGN TABLE",
    pg.OBJECT_SEQUENCE: "ALTER SEQUENCE",
    pg.OBJECT_TYPE: "ALTER TYPE",
}
ACTIONS: dict[int, str] = {
    pg.AT_AddColumn: "ADD COLUMN",
    pg.AT_DropColumn: "DROP COLUMN",
    pg.AT_AlterColumnType: "ALTER COLUMN TYPE",
    pg.AT_SetNotNull: "ALTER COLUMN SET NOT NULL",
    pg.AT_DropNotNull: "ALTER COLUMN DROP NOT NULL",
    pg.AT_SetExpression: "ALTER COLUMN SET EXPRESSION",
    pg.AT_DropExpression: "ALTER COLUMN DROP EXPRESSION",
    pg.AT_AddIdentity: "ALTER COLUMN ADD IDENTITY",
    pg.AT_SetIdentity: "ALTER COLUMN SET IDENTITY",
    pg.AT_DropIdentity: "ALTER COLUMN DROP IDENTITY",
    pg.AT_SetStatistics: "ALTER COLUMN SET STATISTICS",
    pg.AT_SetOptions: "ALTER COLUMN SET OPTIONS",
    pg.AT_ResetOptions: "ALTER COLUMN RESET OPTIONS",
    pg.AT_SetStorage: "ALTER COLUMN SET STORAGE",
    pg.AT_SetCompression: "ALTER COLUMN SET COMPRESSION",
    pg.AT_AlterColumnGenericOptions: "ALTER COLUMN OPTIONS",
    pg.AT_AddConstraint: "ADD CONSTRAINT",
    pg.AT_AlterConstraint: "ALTER CONSTRAINT",
    pg.AT_ValidateConstraint: "VALIDATE CONSTRAINT",
    pg.AT_DropConstraint: "DROP CONSTRAINT",
    pg.AT_EnableTrig: "ENABLE TRIGGER",
    pg.AT_EnableTrigAll: "ENABLE TRIGGER",
    pg.AT_EnableTrigUser: "ENABLE TRIGGER",
    pg.AT_EnableAlwaysTrig: "ENABLE ALWAYS TRIGGER",
    pg.AT_EnableReplicaTrig: "ENABLE REPLICA TRIGGER",
    pg.AT_DisableTrig: "DISABLE TRIGGER",
    pg.AT_DisableTrigAll: "DISABLE TRIGGER",
    pg.AT_DisableTrigUser: "DISABLE TRIGGER",
    pg.AT_EnableRule: "ENABLE RULE",
    pg.AT_EnableAlwaysRule: "ENABLE ALWAYS RULE",
    pg.AT_EnableReplicaRule: "ENABLE REPLICA RULE",
    pg.AT_DisableRule: "DISABLE RULE",
    pg.AT_EnableRowSecurity: "ENABLE ROW LEVEL SECURITY",
    pg.AT_DisableRowSecurity: "DISABLE ROW LEVEL SECURITY",
    pg.AT_ForceRowSecurity: "FORCE ROW LEVEL SECURITY",
    pg.AT_NoForceRowSecurity: "NO FORCE ROW LEVEL SECURITY",
    pg.AT_ClusterOn: "CLUSTER ON",
    pg.AT_DropCluster: "SET WITHOUT CLUSTER",
    pg.AT_DropOids: "SET WITHOUT OIDS",
    pg.AT_SetAccessMethod: "SET ACCESS METHOD",
    pg.AT_SetTableSpace: "SET TABLESPACE",
    pg.AT_SetLogged: "SET LOGGED",
    pg.AT_SetUnLogged: "SET UNLOGGED",
    pg.AT_SetRelOptions: "SET PARAMETERS",
    pg.AT_ResetRelOptions: "RESET PARAMETERS",
    pg.AT_GenericOptions: "OPTIONS",
    pg.AT_AddInherit: "INHERIT",
    pg.AT_DropInherit: "NO INHERIT",
    pg.AT_AddOf: "OF",
    pg.AT_DropOf: "NOT OF",
    pg.AT_ChangeOwner: "OWNER TO",
    pg.AT_ReplicaIdentity: "REPLICA IDENTITY",
    pg.AT_AttachPartition: "ATTACH PARTITION",
    pg.AT_DetachPartition: "DETACH PARTITION",
    pg.AT_DetachPartitionFinalize: "DETACH PARTITION FINALIZE",
}
"""The manual's words for each action; ALTER COLUMN SET and DROP DEFAULT are one action of the tree."""
ATTRIBUTES = {"ADD COLUMN": "ADD ATTRIBUTE", "DROP COLUMN": "DROP ATTRIBUTE", "ALTER COLUMN TYPE": "ALTER ATTRIBUTE"}
"""The columns of a composite type."""
OF_ALL = {
    pg.AT_EnableTrigAll: "ALL",
    pg.AT_DisableTrigAll: "ALL",
    pg.AT_EnableTrigUser: "USER",
    pg.AT_DisableTrigUser: "USER",
}
IDENTITIES = {"d": "DEFAULT", "f": "FULL", "n": "NOTHING", "i": "USING INDEX"}

Reader = Callable[[pg.AlterTableCmd, Operation, Source, tuple[int, int]], Operation]


def alter_table(tree: pg.AlterTableStmt, source: Source) -> tuple[Operation, ...]:
    """An operation for each action."""
    is_type = tree.objtype == pg.OBJECT_TYPE
    said = when(TABLE_IF_EXISTS=tree.missing_ok, ONLY=not (tree.relation.inh or is_type))
    relation = name_of(tree.relation)
    commands = [node.alter_table_cmd for node in tree.cmds]
    parts = source.parts if len(commands) > 1 or commands[0].subtype in CUT else [(0, 0)]
    return tuple(
        _action(command, tree.objtype, relation, said, source, part)
        for command, part in zip(commands, parts, strict=False)
    )


def _action(
    tree: pg.AlterTableCmd,
    of: pg.ObjectType,
    relation: Name,
    said: frozenset[str],
    source: Source,
    part: tuple[int, int],
) -> Operation:
    action = _named(tree)
    plain = Operation(
        kind=_kind(of, action),
        relation=relation,
        words=said | when(IF_EXISTS=tree.missing_ok, CASCADE=is_cascade(tree.behavior)),
    )
    reader = READERS.get(tree.subtype)
    return reader(tree, plain, source, part) if reader else plain


def _named(tree: pg.AlterTableCmd) -> str:
    if tree.subtype == pg.AT_ColumnDefault:
        return f"ALTER COLUMN {'SET' if tree.HasField('def') else 'DROP'} DEFAULT"
    return ACTIONS[tree.subtype]


def _kind(of: pg.ObjectType, action: str) -> str:
    """The grammar takes any action for any relation, and the server then does to it what it does to a table."""
    command = COMMANDS.get(of, "ALTER TABLE")
    if of == pg.OBJECT_TYPE:
        action = ATTRIBUTES.get(action, action)
    kind = f"{command} {action}"
    candidates = (kind, f"ALTER TABLE {action}", f"ALTER FOREIGN TABLE {action}")
    return next((each for each in candidates if each in KINDS), kind)


def _definition(tree: pg.AlterTableCmd) -> pg.Node:
    node: pg.Node = getattr(tree, "def")
    return node


def _add_column(tree: pg.AlterTableCmd, plain: Operation, source: Source, part: tuple[int, int]) -> Operation:
    column = column_of(_definition(tree).column_def, source)
    words = plain.words - {"IF EXISTS"} | when(IF_NOT_EXISTS=tree.missing_ok)
    return replace(plain, column=column.name, definition=column, mentions=referenced(column.constraints), words=words)


def _column(tree: pg.AlterTableCmd, plain: Operation, source: Source, part: tuple[int, int]) -> Operation:
    return replace(plain, column=tree.name or str(tree.num))


def _column_options(tree: pg.AlterTableCmd, plain: Operation, source: Source, part: tuple[int, int]) -> Operation:
    return replace(plain, column=tree.name, parameters=options(_definition(tree).list.items))


def _parameters(tree: pg.AlterTableCmd, plain: Operation, source: Source, part: tuple[int, int]) -> Operation:
    return replace(plain, parameters=options(_definition(tree).list.items))


def _default(tree: pg.AlterTableCmd, plain: Operation, source: Source, part: tuple[int, int]) -> Operation:
    word = source.find("DEFAULT", *part)
    expression = None if word is None else source.cut(word + 1, part[1])
    return replace(plain, column=tree.name, expression=expression)


def _generated(tree: pg.AlterTableCmd, plain: Operation, source: Source, part: tuple[int, int]) -> Operation:
    word = source.find("EXPRESSION", *part)
    return replace(plain, column=tree.name, expression=None if word is None else source.in_next_parentheses(word))


def _column_type(tree: pg.AlterTableCmd, plain: Operation, source: Source, part: tuple[int, int]) -> Operation:
    definition = _definition(tree).column_def
    using = source.find("USING", *part) if definition.HasField("raw_default") else None
    collated = definition.HasField("coll_clause")
    return replace(
        plain,
        column=tree.name,
        type=type_of(definition.type_name, source),
        definition=replace(column_of(definition, source), name=tree.name) if collated else None,
        expression=None if using is None else source.cut(using + 1, part[1]),
    )


def _add_constraint(tree: pg.AlterTableCmd, plain: Operation, source: Source, part: tuple[int, int]) -> Operation:
    found = constraint_of(_definition(tree).constraint, source)
    mentions = referenced([found])
    if found.using_index is not None and plain.relation is not None:
        index = Mention(Role.INDEX, Name(plain.relation.schema, found.using_index))
        return replace(plain, kind=f"{plain.kind} USING INDEX", constraint=found, mentions=(*mentions, index))
    words = plain.words | when(NOT_VALID=found.not_valid, NOT_ENFORCED=found.not_enforced)
    return replace(plain, constraint=found, mentions=mentions, words=words)


def _constraint(tree: pg.AlterTableCmd, plain: Operation, source: Source, part: tuple[int, int]) -> Operation:
    return replace(plain, constraint=Constraint(kind=ConstraintKind.CHECK, name=tree.name))


def _alter_constraint(tree: pg.AlterTableCmd, plain: Operation, source: Source, part: tuple[int, int]) -> Operation:
    asked = _definition(tree).atalter_constraint
    words = plain.words | when(
        DEFERRABLE=asked.alter_deferrability and asked.deferrable,
        NOT_DEFERRABLE=asked.alter_deferrability and not asked.deferrable,
        ENFORCED=asked.alter_enforceability and asked.is_enforced,
        NOT_ENFORCED=asked.alter_enforceability and not asked.is_enforced,
        INHERIT=asked.alter_inheritability and not asked.noinherit,
        NO_INHERIT=asked.alter_inheritability and asked.noinherit,
    )
    return replace(plain, constraint=Constraint(kind=ConstraintKind.CHECK, name=asked.conname), words=words)


def _trigger(tree: pg.AlterTableCmd, plain: Operation, source: Source, part: tuple[int, int]) -> Operation:
    if tree.subtype in OF_ALL:
        return replace(plain, words=plain.words | {OF_ALL[tree.subtype]})
    return replace(plain, object=Name(None, tree.name))


def _cluster_on(tree: pg.AlterTableCmd, plain: Operation, source: Source, part: tuple[int, int]) -> Operation:
    return _with_index(plain, tree.name)


def _replica_identity(tree: pg.AlterTableCmd, plain: Operation, source: Source, part: tuple[int, int]) -> Operation:
    asked = _definition(tree).replica_identity_stmt
    plain = replace(plain, words=plain.words | {IDENTITIES.get(asked.identity_type, "DEFAULT")})
    return _with_index(plain, asked.name) if asked.name else plain


def _with_index(plain: Operation, index: str) -> Operation:
    schema = plain.relation.schema if plain.relation else None
    return replace(plain, mentions=(Mention(Role.INDEX, Name(schema, index)),))


def _parent(tree: pg.AlterTableCmd, plain: Operation, source: Source, part: tuple[int, int]) -> Operation:
    return replace(plain, mentions=(Mention(Role.PARENT, name_of(_definition(tree).range_var)),))


def _of(tree: pg.AlterTableCmd, plain: Operation, source: Source, part: tuple[int, int]) -> Operation:
    return replace(plain, object=name_of_parts(_definition(tree).type_name.names))


def _new_owner(tree: pg.AlterTableCmd, plain: Operation, source: Source, part: tuple[int, int]) -> Operation:
    return replace(plain, new_name=tree.newowner.rolename or None)


def _new_place(tree: pg.AlterTableCmd, plain: Operation, source: Source, part: tuple[int, int]) -> Operation:
    return replace(plain, new_name=tree.name or None)


def _partition(tree: pg.AlterTableCmd, plain: Operation, source: Source, part: tuple[int, int]) -> Operation:
    asked = _definition(tree).partition_cmd
    kind = f"{plain.kind} CONCURRENTLY" if asked.concurrent else plain.kind
    words = plain.words | when(CONCURRENTLY=asked.concurrent, DEFAULT=asked.bound.is_default)
    return replace(
        plain,
        kind=kind,
        mentions=(Mention(Role.PARTITION, name_of(asked.name)),),
        expression=bound_of(source, part[0]) if asked.HasField("bound") else None,
        words=words,
    )


READERS: dict[int, Reader] = (
    dict.fromkeys(
        [
            pg.AT_DropColumn,
            pg.AT_SetNotNull,
            pg.AT_DropNotNull,
            pg.AT_DropExpression,
            pg.AT_AddIdentity,
            pg.AT_SetIdentity,
            pg.AT_DropIdentity,
            pg.AT_SetStatistics,
            pg.AT_SetStorage,
            pg.AT_SetCompression,
        ],
        _column,
    )
    | dict.fromkeys([pg.AT_SetOptions, pg.AT_ResetOptions, pg.AT_AlterColumnGenericOptions], _column_options)
    | dict.fromkeys([pg.AT_SetRelOptions, pg.AT_ResetRelOptions, pg.AT_GenericOptions], _parameters)
    | dict.fromkeys([pg.AT_ValidateConstraint, pg.AT_DropConstraint], _constraint)
    | dict.fromkeys([pg.AT_EnableTrig, pg.AT_EnableTrigAll, pg.AT_EnableTrigUser, pg.AT_EnableAlwaysTrig], _trigger)
    | dict.fromkeys([pg.AT_EnableReplicaTrig, pg.AT_DisableTrig, pg.AT_DisableTrigAll], _trigger)
    | dict.fromkeys([pg.AT_DisableTrigUser, pg.AT_EnableRule, pg.AT_EnableAlwaysRule], _trigger)
    | dict.fromkeys([pg.AT_EnableReplicaRule, pg.AT_DisableRule], _trigger)
    | dict.fromkeys([pg.AT_AttachPartition, pg.AT_DetachPartition, pg.AT_DetachPartitionFinalize], _partition)
    | dict.fromkeys([pg.AT_AddInherit, pg.AT_DropInherit], _parent)
    | dict.fromkeys([pg.AT_SetTableSpace, pg.AT_SetAccessMethod], _new_place)
    | {
        pg.AT_AddColumn: _add_column,
        pg.AT_ColumnDefault: _default,
        pg.AT_SetExpression: _generated,
        pg.AT_AlterColumnType: _column_type,
        pg.AT_AddConstraint: _add_constraint,
        pg.AT_AlterConstraint: _alter_constraint,
        pg.AT_ClusterOn: _cluster_on,
        pg.AT_ReplicaIdentity: _replica_identity,
        pg.AT_AddOf: _of,
        pg.AT_ChangeOwner: _new_owner,
    }
)
"""What is read of an action beside its name."""
CUT = frozenset({pg.AT_ColumnDefault, pg.AT_AlterColumnType, pg.AT_SetExpression})
"""Actions of which a piece of text is cut."""
