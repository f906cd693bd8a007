"""Which reader reads which statement of the grammar's tree."""

from collections.abc import Callable
from typing import Any

from zdtui.sql.grammar.alter_table import alter_table
from zdtui.sql.grammar.create_table import create_foreign_table, create_table
from zdtui.sql.grammar.drop import drop
from zdtui.sql.grammar.function import create_function
from zdtui.sql.grammar.index import create_index, reindex
from zdtui.sql.grammar.maintenance import cluster, lock_table, refresh, truncate, vacuum
from zdtui.sql.grammar.on_table import (
    alter_policy,
    create_policy,
    create_rule,
    create_statistics,
    create_trigger,
    create_view,
)
from zdtui.sql.grammar.parse import trees_of
from zdtui.sql.grammar.query import change, create_table_as, select
from zdtui.sql.grammar.rename import change_owner, depends_on_extension, rename, set_schema
from zdtui.sql.grammar.wrapped import call, copy, declare, do, execute, explain, prepare
from zdtui.sql.operation import Operation
from zdtui.sql.text.pieces import Source

READERS: dict[str, Callable[[Any, Source], tuple[Operation, ...]]] = {
    "alter_table_stmt": alter_table,
    "rename_stmt": rename,
    "alter_object_schema_stmt": set_schema,
    "alter_owner_stmt": change_owner,
    "alter_object_depends_stmt": depends_on_extension,
    "drop_stmt": drop,
    "index_stmt": create_index,
    "reindex_stmt": reindex,
    "create_stmt": create_table,
    "create_foreign_table_stmt": create_foreign_table,
    "truncate_stmt": truncate,
    "lock_stmt": lock_table,
    "vacuum_stmt": vacuum,
    "cluster_stmt": cluster,
    "refresh_mat_view_stmt": refresh,
    "select_stmt": select,
    "insert_stmt": change,
    "update_stmt": change,
    "delete_stmt": change,
    "merge_stmt": change,
    "create_table_as_stmt": create_table_as,
    "copy_stmt": copy,
    "explain_stmt": explain,
    "prepare_stmt": prepare,
    "execute_stmt": execute,
    "declare_cursor_stmt": declare,
    "do_stmt": do,
    "create_function_stmt": create_function,
    "view_stmt": create_view,
    "rule_stmt": create_rule,
    "create_trig_stmt": create_trigger,
    "create_policy_stmt": create_policy,
    "alter_policy_stmt": alter_policy,
    "create_stats_stmt": create_statistics,
    "call_stmt": call,
}


def read(source: Source) -> tuple[Operation, ...] | None:
    """The operations of a statement; None when the grammar does not take it or its words say enough."""
    found: list[Operation] = []
    for tree in trees_of(source):
        name = tree.WhichOneof("node")
        if name not in READERS:
            return None
        found.extend(READERS[name](getattr(tree, name), source))
    return tuple(found) or None
