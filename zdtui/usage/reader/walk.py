"""Going through a statement's tree: each kind of node that matters has a reader, the others are gone through."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from zdtui.sql.grammar.names import name_of
from zdtui.sql.text.name import Name
from zdtui.usage.reader.scope import Columns, Found, Scope, Source, Use
from zdtui.usage.reader.watched import Watch, Watched, Why

LEAVES = frozenset({"a_const", "string", "integer", "float", "boolean", "a_star", "param_ref", "type_name"})
"""Nodes under which no name of a relation, a column or a function can be."""
NOTHING: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Walk:
    """What is looked for, what was found, and who reads which node."""

    watched: Watched
    found: Found
    readers: "Mapping[str, Reader]"

    def into(self, node: Any, scope: Scope) -> None:
        """Read the node and all below it."""
        name = node.DESCRIPTOR.name
        if name == "Node":
            kind = node.WhichOneof("node")
            if kind is not None and kind not in LEAVES:
                self.into(getattr(node, kind), scope)
        elif (reader := self.readers.get(name)) is not None:
            reader(self, node, scope)
        else:
            self.below(node, scope)

    def below(self, node: Any, scope: Scope, without: frozenset[str] = NOTHING) -> None:
        """Read all below the node but these of its fields."""
        for described, value in node.ListFields():
            if described.message_type is not None and described.name not in without:
                self.each(value if described.is_repeated else (value,), scope)

    def each(self, nodes: Iterable[Any], scope: Scope) -> None:
        """Read these nodes."""
        for node in nodes:
            self.into(node, scope)

    def source(self, relation: Any, how: str) -> Source:
        """What a relation in the tree is, whose mention alone may be use: 'reads', 'writes'."""
        name = name_of(relation)
        meant = self.watched.meant_by(name)
        watches = [self.watched.relations[each] for each in meant if each in self.watched.relations]
        unsure = bool(watches) and len(watches) < len(meant)
        called = f"{name} (if that {name.name} is meant)" if unsure else str(name)
        for why in (each.any_mention for each in watches if each.any_mention is not None):
            self.found.add(how, Use(why, called))
        return Source(
            alias=relation.alias.aliasname or relation.relname,
            columns=_columns(self.watched, meant),
            watch=Watch({column: why for each in watches for column, why in each.columns.items()}),
            called=called,
        )

    def row_of(self, relation: Name) -> Source:
        """A row of the relation, as a function gives it."""
        watch = self.watched.relations.get(relation, Watch())
        return Source(relation.name, self.watched.columns.get(relation), Watch(watch.columns), str(relation))

    def changes(self, relation: Any) -> None:
        """Rows of the relation are changed: its triggers run."""
        for each in self.watched.meant_by(name_of(relation)):
            if (why := self.watched.written.get(each)) is not None:
                self.say(why)

    def say(self, why: Why) -> None:
        """A use in its own words."""
        self.found.say(why.text, why.readable)

    def add_all(self, how: str, uses: Iterable[Use]) -> None:
        """All of these are used in this way."""
        for use in uses:
            self.found.add(how, use)


Reader = Callable[[Walk, Any, Scope], object]


def _columns(watched: Watched, meant: Iterable[Any]) -> Columns:
    """The columns of all that may be meant; None when one of them, or every one, is not known."""
    known = [watched.columns.get(each) for each in meant]
    if not known or any(each is None for each in known):
        return None
    return tuple(column for each in known if each is not None for column in each)
