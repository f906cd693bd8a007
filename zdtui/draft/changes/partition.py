"""PARTITION BY of a table that exists: it becomes one partition of a new table of its name. No row is copied."""

from zdtui.draft.changes import not_null
from zdtui.draft.definitions import at_once, constraint_of, definition_of, index_text
from zdtui.draft.drafted import (
    ONLY_LOOKS,
    Asked,
    Drafted,
    DraftError,
    beside,
    columns_of,
    lines,
    literal,
    regclass,
    soak,
    sql,
    step,
)
from zdtui.draft.forms import Partition, form_of
from zdtui.plan.model import CheckAction, NoRollback, Phase, Step
from zdtui.sql.schema.relations import Hang, Relation, RelationKind
from zdtui.sql.text.name import Name
from zdtui.sql.text.quote import quote_identifier

ENDLESS = frozenset({"MINVALUE", "MAXVALUE"})


class Adopted:
    """What the steps are made of."""

    def __init__(self, asked: Asked, form: Partition, relation: Relation, key: Relation) -> None:
        table = form.table
        self.asked, self.form, self.table, self.relation = asked, form, table, relation
        self.key_name = key.constraint or key.name.name
        self.old_key = key.indexed
        self.new_key = (*key.indexed, *((form.column,) if form.column not in key.indexed else ()))
        self.partition = beside(table, "adopted")
        self.rest = beside(table, "default")
        self.bounds = beside(table, form.column, "bounds").name
        self.for_swap = beside(table, "adopted", "pkey").name
        self.for_way_back, self.spare = beside(table, "old_key").name, beside(table, "spare_key").name
        self.proofs = [self.bounds]
        """Checks of the partition alone."""
        column = relation.column(form.column)
        if asked.known.version < not_null.NOT_NULL_UNCHECKED_SINCE and not (column is not None and column.not_null):
            self.proofs.append(beside(table, form.column, "is_set").name)
        self.others = [each for each in asked.known.indexes(relation.name) if not each.primary]
        self.keys = list(asked.known.schema.referenced_by(relation.name))
        self.sequences = list(asked.known.schema.sequences_of(relation.name))

    @property
    def in_bounds(self) -> str:
        """The condition that holds for each row of it."""
        column = quote_identifier(self.form.column)
        parts = [f"{column} IS NOT NULL"]
        parts += [f"{column} >= {self.form.low}"] if self.form.low.upper() not in ENDLESS else []
        parts += [f"{column} < {self.form.high}"] if self.form.high.upper() not in ENDLESS else []
        return " AND ".join(parts)

    def renamed(self, index: Relation) -> str:
        """What an index of the partition is called, so that the new table's can have the name."""
        return f"{index.name.name[:54]}_adopted"


def draft(asked: Asked) -> Drafted:
    """The plan of ALTER TABLE ... PARTITION BY RANGE ... FROM ... TO ..."""
    form = form_of(asked, Partition)
    it = _possible(asked, form)
    column = it.relation.column(form.column)
    nullable = column is None or not column.not_null
    proofs = not_null.proof(form.table, form.column, asked.known) if nullable else ()
    unique = ", ".join(it.old_key)
    upserts = () if it.new_key == it.old_key else (
        f"Whether anything relies on ({unique}) alone being unique, such as INSERT ... ON CONFLICT ({unique}): it is no"
        f" more, because a key of a partitioned table has to contain {form.column}.",
    )  # fmt: skip
    return Drafted(
        title=f"{form.table} is partitioned by {form.column}",
        steps=(
            *_prepared(it),
            *(each for each in proofs if each.phase is not Phase.CONTRACT),
            *_bounded(it),
            _swap(it),
            _renewed(it),
            soak(
                f"soak-{form.table.name}", Phase.SWITCH, f"Make the partitions that come after {form.high} meanwhile."
            ),
            *(_of_partition(each, form.table, it.partition) for each in proofs if each.phase is Phase.CONTRACT),
            _ended(it),
        ),
        decisions=(
            f"Which partitions come after {form.high}: until there is one, rows past it go to {it.rest}. Make the next"
            f" one before the first of them arrives, because it cannot be made beside its rows in {it.rest}.",
            *upserts,
            *(() if asked.known.grants is not None else (f"Which owner and rights the new {form.table} needs.",)),
        ),
    )


def _possible(asked: Asked, form: Partition) -> Adopted:
    """DraftError where something would not follow from the table to its parent."""
    known, table = asked.known, form.table
    relation = known.relation(table)
    if relation is None or relation.column(form.column) is None:
        raise DraftError(f"`{asked.shown}`: {table}.{form.column} is not known here: give --dsn or --schema")
    name = relation.name
    if relation.kind is not RelationKind.TABLE or relation.parents or known.schema.relations.hanging(Hang.UNDER, name):
        raise DraftError(f"`{asked.shown}`: {table} is partitioned already, or has a parent or children")
    key = next((each for each in known.indexes(name) if each.primary), None)
    if key is None:
        raise DraftError(f"`{asked.shown}`: {table} has no primary key: draft ADD PRIMARY KEY first")
    in_the_way = [
        *(f"the foreign key {each.name} of {each.table}" for each in known.schema.referencing(name)),
        *(f"the unique index {each.name.name}" for each in known.indexes(name)
          if each.unique and not each.primary and form.column not in each.indexed),
        *(f"the view {each.name}" for each in known.schema.relations.hanging(Hang.READS, name)),
        *(f"the trigger {trigger}" for at, trigger in sorted(known.schema.triggers) if at == name),
        *(f"the policy {policy}" for at, policy in sorted(known.schema.policies) if at == name),
        *(f"the identity of {column}" for at, column in sorted(known.identity) if at == name),
        *(f"the publication {each}" for each, tables in sorted(known.schema.published.items()) if name in tables),
    ]  # fmt: skip
    if in_the_way:
        raise DraftError(
            f"`{asked.shown}`: {', '.join(in_the_way)} would stay with the old rows, or cannot be there on a"
            " partitioned table. Decide what becomes of each, take it away first, and make it again on the new table"
        )
    return Adopted(asked, form, relation, key)


def _prepared(it: Adopted) -> tuple[Step, ...]:
    table = it.table
    texts = {it.for_swap: it.new_key, it.for_way_back: it.old_key, it.spare: it.new_key}
    return (
        step(
            f"{table.name}-fits",
            "Every row fits into the bounds",
            Phase.EXPAND,
            CheckAction(query=f"SELECT NOT EXISTS (SELECT FROM {table} WHERE NOT ({it.in_bounds}))"),
            ONLY_LOOKS,
        ),
        step(
            f"build-keys-{table.name}",
            "Build the unique indexes of the swap, and of the way back",
            Phase.EXPAND,
            sql(
                *(
                    f"CREATE UNIQUE INDEX CONCURRENTLY {quote_identifier(name)} ON {table} ({columns_of(columns)})"
                    for name, columns in texts.items()
                )
            ),
            lines(*(f"DROP INDEX CONCURRENTLY IF EXISTS {Name(table.schema, each)}" for each in reversed(texts))),
            notes=(
                "A primary key takes its index along when it goes, so that each way over the swap needs one of its own."
                " Reads and writes go on."
            ),
        ),
    )


def _bounded(it: Adopted) -> tuple[Step, ...]:
    table, name = it.table, quote_identifier(it.bounds)
    return (
        step(
            f"{table.name}-bounds-promised",
            "Promise the bounds for new rows",
            Phase.VERIFY,
            sql(f"ALTER TABLE {table} ADD CONSTRAINT {name} CHECK ({it.in_bounds}) NOT VALID"),
            f"ALTER TABLE {table} DROP CONSTRAINT {name}",
            notes=(
                f"From here to the swap a row past {it.form.high} is refused: choose a bound that lies well beyond the"
                " day of the swap."
            ),
        ),
        step(
            f"{table.name}-bounds-proved",
            "Prove them for the old rows",
            Phase.VERIFY,
            sql(f"ALTER TABLE {table} VALIDATE CONSTRAINT {name}"),
            NoRollback(reason=f"the rollback of {table.name}-bounds-promised drops the constraint"),
            notes="Reads the whole table under SHARE UPDATE EXCLUSIVE: reads and writes go on; the swap reads no row.",
        ),
    )


def _swap(it: Adopted) -> Step:
    table = it.table
    return step(
        f"swap-{table.name}",
        f"A partitioned table takes the name, and {it.partition} becomes its first partition",
        Phase.SWITCH,
        sql(*_there(it)),
        lines(*_back(it)),
        notes=(
            "One transaction of milliseconds under ACCESS EXCLUSIVE: the validated CHECK proves the bounds, and each"
            " index of the partition is found to be the part of one of the new table. The rollback is as short, until a"
            f" row past the bounds has arrived in {it.rest}: the CHECK then refuses it, and nothing is changed."
        ),
        verify=(
            f"SELECT relispartition FROM pg_class WHERE oid = {regclass(it.partition)}"
            f" AND EXISTS (SELECT FROM pg_class WHERE oid = {regclass(table)} AND relkind = 'p')"
        ),
        silence=(
            ("lock-table", "taken first and for a moment, so that the swap is seen whole or not at all"),
            ("table-rename", "a table of the same name and columns takes its place in the same transaction"),
            ("set-not-null", "no row is NULL: the catalog or the steps before it prove that"),
            ("attach-partition", "the validated CHECK proves the bounds: no row is read"),
            ("create-index-blocks-writes", "the table is new and empty"),
            ("add-foreign-key", "the table is new and empty"),
        ),
    )


def _there(it: Adopted) -> list[str]:
    table, part, known = it.table, it.partition, it.asked.known
    bare = quote_identifier(part.name)
    key = quote_identifier(it.key_name)
    texts = [
        f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE",
        f"ALTER TABLE {table} DROP CONSTRAINT {key},"
        f" ADD CONSTRAINT {quote_identifier(it.for_swap)} PRIMARY KEY USING INDEX {quote_identifier(it.for_swap)}",
        f"ALTER TABLE {table} RENAME TO {bare}",
        *(f"ALTER INDEX {Name(table.schema, each.name.name)} RENAME TO {quote_identifier(it.renamed(each))}"
          for each in it.others),
        f"CREATE TABLE {table} (LIKE {part} INCLUDING ALL EXCLUDING INDEXES EXCLUDING STATISTICS)"
        f" PARTITION BY RANGE ({quote_identifier(it.form.column)})",
        *(f"ALTER TABLE {table} DROP CONSTRAINT {quote_identifier(each)}" for each in it.proofs),
        f"ALTER TABLE {table} ADD CONSTRAINT {key} PRIMARY KEY ({columns_of(it.new_key)})",
    ]  # fmt: skip
    for index in it.others:
        texts.append(
            index_text(definition_of(it.asked, index, it.relation.name), index.name.name, table, {}, concurrent=False)
        )
    for each in it.keys:
        texts.append(at_once(constraint_of(it.asked, it.relation.name, each.name), table, each.name))
    texts.append(f"ALTER TABLE {table} ATTACH PARTITION {part} FOR VALUES FROM ({it.form.low}) TO ({it.form.high})")
    texts.append(f"CREATE TABLE {it.rest} PARTITION OF {table} DEFAULT")
    texts += [*known.granted(table, table), *known.granted(table, it.rest, only=frozenset())]
    texts += [f"ALTER SEQUENCE {each.name} OWNED BY {table}.{columns_of(each.indexed)}" for each in it.sequences]
    return texts


def _back(it: Adopted) -> list[str]:
    table, part = it.table, it.partition
    key = quote_identifier(it.key_name)
    return [
        f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE",
        *(f"ALTER SEQUENCE {each.name} OWNED BY {part}.{columns_of(each.indexed)}" for each in it.sequences),
        f"ALTER TABLE {table} DETACH PARTITION {part}",
        f"INSERT INTO {part} SELECT * FROM {table}",
        f"DROP TABLE {table}",
        f"ALTER TABLE {part} RENAME TO {quote_identifier(table.name)}",
        *(f"ALTER INDEX {Name(table.schema, it.renamed(each))} RENAME TO {quote_identifier(each.name.name)}"
          for each in it.others),
        f"ALTER TABLE {table} DROP CONSTRAINT {quote_identifier(it.for_swap)},"
        f" ADD CONSTRAINT {key} PRIMARY KEY USING INDEX {quote_identifier(it.for_way_back)}",
        f"ALTER INDEX {Name(table.schema, it.spare)} RENAME TO {quote_identifier(it.for_swap)}",
    ]  # fmt: skip


def _renewed(it: Adopted) -> Step:
    texts = {it.for_way_back: it.old_key, it.spare: it.new_key}
    return step(
        f"renew-way-back-{it.table.name}",
        "Build again what a way back has used up",
        Phase.SWITCH,
        sql(
            *(
                f"CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS {quote_identifier(name)}"
                f" ON {it.partition} ({columns_of(columns)})"
                for name, columns in texts.items()
            )
        ),
        NoRollback(reason="the rollback of the swap uses them"),
        notes="Does nothing the first time. After one way back and forward again it builds them for the next.",
    )


def _of_partition(proof: Step, table: Name, partition: Name) -> Step:
    """What was proved of the table is dropped from the partition that it has become."""
    text = "" if (said := proof.action.author_sql) is None else said.sql
    back = proof.rollback.sql if proof.rollback.kind == "sql" else ""
    one, other = f"ALTER TABLE {table} ", f"ALTER TABLE {partition} "
    return step(proof.id, proof.title, proof.phase, sql(text.replace(one, other)), back.replace(one, other))


def _ended(it: Adopted) -> Step:
    part, bounds = it.partition, quote_identifier(it.bounds)
    names = (it.for_way_back, it.spare)
    return step(
        f"drop-spare-{it.table.name}",
        "Take the indexes away that were for the way back",
        Phase.CONTRACT,
        sql(*(f"DROP INDEX CONCURRENTLY IF EXISTS {Name(it.table.schema, each)}" for each in names)),
        lines(
            *(
                f"CREATE UNIQUE INDEX CONCURRENTLY {quote_identifier(name)} ON {part} ({columns_of(columns)})"
                for name, columns in zip(names, (it.old_key, it.new_key), strict=True)
            )
        ),
        notes=f"The CHECK {bounds} stays on {part}: it says what the bounds of the partition say.",
        verify=f"SELECT to_regclass({literal(Name(it.table.schema, it.spare).written)}) IS NULL",
    )
