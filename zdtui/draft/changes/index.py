"""CREATE INDEX and DROP INDEX: built and dropped beside the traffic, on a partitioned table part by part."""

from collections.abc import Sequence

from postgast import pg_query_pb2 as pg

from zdtui.draft.drafted import (
    Asked,
    Drafted,
    DraftError,
    beside,
    regclass,
    sql,
    step,
)
from zdtui.draft.tree import changed
from zdtui.plan.model import Irreversible, NoRollback, Phase, Step
from zdtui.sql.schema.relations import Relation
from zdtui.sql.text.name import Name


def draft(asked: Asked) -> Drafted:
    """The plan of CREATE INDEX."""
    table = asked.table
    index = asked.operation.object or beside(table, *asked.operation.columns, "idx")
    index = Name(table.schema, index.name)
    parts = asked.known.partitions(table)
    kind = "unique index" if "UNIQUE" in asked.operation.words else "index"
    steps = (build(asked, index),) if parts is None else _in_parts(asked, index, parts)
    return Drafted(title=f"{table} has the {kind} {index.name}", steps=steps)


def build(asked: Asked, index: Name, phase: Phase = Phase.EXPAND) -> Step:
    """The index of a table that is not partitioned."""
    return step(
        f"build-{index.name}",
        f"Build {index.name}",
        phase,
        sql(_text(asked, index.name, asked.table)),
        f"DROP INDEX CONCURRENTLY IF EXISTS {index}",
        notes=(
            "Reads and writes go on. It waits for every transaction older than itself: end long reports first.\n"
            "Should it fail, it leaves an invalid index, which is named and offered for clean-up."
        ),
        verify=is_valid(index),
    )


def is_valid(index: Name) -> str:
    """The query that is true once the index is whole."""
    return f"SELECT indisvalid FROM pg_index WHERE indexrelid = {regclass(index)}"


def _in_parts(asked: Asked, index: Name, parts: tuple[Relation, ...]) -> tuple[Step, ...]:
    """Each partition's own first, beside the traffic; then the parent's, which takes them as its parts."""
    if any(asked.known.partitions(part.name) is not None for part in parts):
        raise DraftError(
            f"{asked.table} has partitions that are partitioned themselves: build the index of each level by hand,"
            " from the lowest to the highest"
        )
    owns = [beside(part.name, *asked.operation.columns, "idx") for part in parts]
    builds = [
        step(
            f"build-{own.name}",
            f"Build it on {part.name.name}",
            Phase.EXPAND,
            sql(_text(asked, own.name, part.name)),
            f"DROP INDEX CONCURRENTLY IF EXISTS {own}",
            verify=is_valid(own),
        )
        for part, own in zip(parts, owns, strict=True)
    ]
    declared = step(
        f"declare-{index.name}",
        "Declare it on the partitioned table",
        Phase.EXPAND,
        sql(_text(asked, index.name, asked.table, on_parent=True)),
        f"DROP INDEX {index}",
        notes=(
            "ONLY makes an empty index, which is valid once every partition has its part. Partitions that come from now"
            " on get theirs by themselves. The rollback drops the parts that are attached as well: to go forward again,"
            " roll the builds back too."
        ),
        silence=(
            ("create-index-blocks-writes", "the table is partitioned: ONLY reads no row, and declares the index"),
        ),
    )
    return (*builds, declared, *_attached(index, owns, declared))


def _attached(index: Name, owns: Sequence[Name], declared: Step) -> list[Step]:
    """Each by itself: two in one transaction deadlock with a statement that writes to both partitions."""
    return [
        step(
            f"attach-{own.name}",
            f"Attach {own.name}",
            Phase.EXPAND,
            sql(f"ALTER INDEX {index} ATTACH PARTITION {own}"),
            NoRollback(reason=f"the rollback of {declared.id} drops the index with its parts"),
            verify=is_valid(index) if own == owns[-1] else "",
            notes="False here means: a partition came meanwhile, and has no part yet." if own == owns[-1] else "",
        )
        for own in owns
    ]


def _text(asked: Asked, name: str, table: Name, on_parent: bool = False) -> str:
    def change(node: pg.Node) -> None:
        tree = node.index_stmt
        tree.concurrent, tree.if_not_exists, tree.idxname = not on_parent, False, name
        tree.relation.relname, tree.relation.inh = table.name, not on_parent
        tree.relation.schemaname = table.schema or ""

    return changed(asked, change)


def draft_drop(asked: Asked) -> Drafted:
    """The plan of DROP INDEX."""
    index = asked.table
    known = asked.known.schema.find(index)
    name = index if known is None else known.name
    if known is not None and known.constraint is not None:
        raise DraftError(f"{index} belongs to the constraint {known.constraint} of {known.table}: drop that instead")
    if known is not None and known.table is not None and asked.known.partitions(known.table) is not None:
        raise DraftError(
            f"{index} is an index of a partitioned table, which no server drops CONCURRENTLY: decide whether its table"
            " can wait for as long as every transaction that uses it"
        )
    definition = asked.known.index_definitions.get(name)
    back = (
        Irreversible(
            consequence="its definition is not known here: write the CREATE INDEX CONCURRENTLY that makes it again"
        )
        if definition is None
        else _again(definition)
    )
    return Drafted(
        title=f"{index.name} is gone",
        steps=(
            step(
                f"drop-{index.name}",
                f"Drop {index.name}",
                Phase.CONTRACT,
                sql(f"DROP INDEX CONCURRENTLY {index}"),
                back,
                notes=(
                    "Look first whether anything uses it: idx_scan in pg_stat_user_indexes counts since the statistics"
                    " were reset, on this server alone; a standby counts for itself."
                ),
            ),
        ),
    )


def _again(definition: str) -> str:
    begin = "CREATE UNIQUE INDEX" if definition.upper().startswith("CREATE UNIQUE") else "CREATE INDEX"
    return f"{begin} CONCURRENTLY{definition[len(begin) :]}"
