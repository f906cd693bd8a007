"""What goes when something is dropped with CASCADE, and which tables lose something by it. Pure; never raises.

After findDependentObjects in the server's src/backend/catalog/dependency.c, as far as a `Schema` knows of what depends
on what: indexes, partitions, children, sequences, foreign keys, views, columns and the types that are made of tables.
Rules, policies and functions are not in it.
"""

from collections.abc import Iterable, Iterator
from functools import cached_property

from zdtui.sql.schema.relations import INDEXES, ForeignKey, Hang, Relation, RelationKind, Schema
from zdtui.sql.text.name import Name


class Falling:
    """Drops, as if with CASCADE, what it is told to; `gone` and `locked` say afterwards what that was."""

    def __init__(self, schema: Schema) -> None:
        self._schema = schema
        self._waiting: list[Name] = []
        self._types: set[str] = set()
        self._columns: set[tuple[Name, str]] = set()
        self._gone: dict[Name, None] = {}
        self._locked: dict[Name, None] = {}

    @property
    def gone(self) -> tuple[Name, ...]:
        """Relations that are there no more."""
        self._fall()
        return tuple(self._gone)

    @property
    def locked(self) -> tuple[Name, ...]:
        """Those, and all that lose a constraint, a column, a default or an index: each locked ACCESS EXCLUSIVE."""
        self._fall()
        return tuple(dict.fromkeys((*self._gone, *self._locked)))

    def relations(self, names: Iterable[Name]) -> None:
        """Drop relations of any kind."""
        for name in names:
            if name not in self._gone:
                self._gone[name] = None
                self._waiting.append(name)

    def schema(self, name: str) -> None:
        """Drop a schema: the relations in it, and the types as far as a column's type names the schema."""
        here = self._schema.search_path[:1] == (name,)
        self.relations(each for each in self._schema.relations if each.schema == name or (here and each.schema is None))
        for relation in list(self._schema.relations.values()):
            for column in relation.columns:
                if name in _parts(column.type)[:-1]:
                    self.column(relation.name, column.name)

    def type(self, name: str) -> None:
        """Drop a type, a domain, or the type of a table's rows, by its name without a schema."""
        if name in self._types:
            return
        self._types.add(name)
        for domain, known in self._schema.domains.items():
            if _is_of_type(known.base, name):
                self.type(domain)
        for table, column in self._columns_by_type.get(name, ()):
            self.column(table, column)

    def collation(self, name: str) -> None:
        """Drop a collation, by its name without a schema."""
        for relation in list(self._schema.relations.values()):
            for column in relation.columns:
                if column.collation.strip('"') == name:
                    self.column(relation.name, column.name)

    def column(self, table: Name, column: str) -> None:
        """Drop a column; a view goes whole."""
        known = self._schema.find(table)
        if known is not None and known.kind in (RelationKind.VIEW, RelationKind.MATERIALIZED_VIEW):
            self.relations([known.name])
            return
        for name in (table, *(child.name for child in self._schema.children_of(table))):
            if (name, column) not in self._columns:
                self._columns.add((name, column))
                self._column(name, column)

    @cached_property
    def _columns_by_type(self) -> dict[str, list[tuple[Name, str]]]:
        found: dict[str, list[tuple[Name, str]]] = {}
        for relation in self._schema.relations.values():
            for column in relation.columns:
                found.setdefault((_parts(column.type) or ("",))[-1], []).append((relation.name, column.name))
        return found

    def _fall(self) -> None:
        while self._waiting:
            known = self._schema.find(self._waiting.pop())
            if known is not None:
                self._relation(known)

    def _relation(self, known: Relation) -> None:
        name = known.name
        if known.kind in INDEXES and known.table is not None:
            self._keys(keys_on_index(known, self._schema.foreign_keys.on(known.table)))
        if known.table is not None:
            self._lock([known.table])
        if known.is_partition and known.kind not in INDEXES:
            self._lock((*known.parents, *default_partitions(self._schema, known.parents)))
        self.relations(each.name for each in self._schema.indexes_of(name))
        self.relations(each.name for each in self._schema.sequences_of(name))
        self.relations(each.name for each in self._schema.children_of(name))
        self.relations(each.name for each in self._schema.views_on(name))
        keys = self._schema.foreign_keys.on(name)
        self._keys(key for key in keys if not (key.inherited and key.table == name))
        if known.kind not in INDEXES and known.kind is not RelationKind.SEQUENCE:
            self.type(name.name)

    def _column(self, table: Name, column: str) -> None:
        self._lock([table])
        schema = self._schema
        self.relations(each.name for each in schema.indexes_of(table) if column in each.indexed)
        self.relations(each.name for each in schema.sequences_of(table) if column in each.indexed)
        self.relations(views_on_column(schema, table, column))
        for key in schema.foreign_keys.on(table):
            from_here = key.table == table and column in key.columns
            if from_here or (key.references == table and column in key.referenced_columns):
                self._keys([key])

    def _keys(self, keys: Iterable[ForeignKey]) -> None:
        for key in keys:
            for end in (key.table, key.references):
                self._lock((end, *(child.name for child in self._schema.children_of(end))))

    def _lock(self, names: Iterable[Name]) -> None:
        self._locked.update(dict.fromkeys(names))


def views_on_column(schema: Schema, table: Name, column: str) -> tuple[Name, ...]:
    """Views that read the column themselves; where it is not known what they read, every view of the table."""
    views = schema.relations.hanging(Hang.READS, table)
    return tuple(each.name for each in views if _may_read(schema, each, table, column))


def _may_read(schema: Schema, view: Relation, table: Name, column: str) -> bool:
    """One that was read from a server and has no column reads none: count(*)."""
    is_known = bool(view.reads_columns) or (schema.complete and not view.fresh)
    return not is_known or (table, column) in view.reads_columns


def keys_on_index(index: Relation, keys: Iterable[ForeignKey]) -> Iterator[ForeignKey]:
    """Those of these keys that need this unique index; one that does not say its columns needs the primary key."""
    for key in keys:
        if key.references == index.table and index.unique:
            named = bool(key.referenced_columns)
            if set(key.referenced_columns) == set(index.indexed) if named else index.primary:
                yield key


def default_partitions(schema: Schema, parents: Iterable[Name]) -> tuple[Name, ...]:
    """The default partition of each of these, where there is one."""
    return tuple(each.name for parent in parents for each in schema.relations.hanging(Hang.DEFAULT, parent))


def relations_of_type(schema: Schema, name: str) -> Iterator[Relation]:
    """Tables and views with a column of that type, an array of it or a domain over it, by its name without a schema."""
    wanted = [name]
    for each in wanted:
        wanted += (
            domain for domain, known in schema.domains.items() if _is_of_type(known.base, each) and domain not in wanted
        )
    for relation in schema.relations.values():
        if relation.kind not in INDEXES and any(
            _is_of_type(each.type, name) for each in relation.columns for name in wanted
        ):
            yield relation


def _is_of_type(written: str, name: str) -> bool:
    return bool(parts := _parts(written)) and parts[-1] == name


def _parts(written: str) -> tuple[str, ...]:
    """A type's name in parts, without the brackets of an array: 's.mood[]' → ('s', 'mood')."""
    return tuple(part.strip('"') for part in written.removesuffix("[]").split("."))
