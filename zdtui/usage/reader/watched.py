"""What is looked for in a statement: columns, relations and functions whose mention is use of the subject. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from zdtui.sql.text.name import Name


class Why(NamedTuple):
    """How a mention uses the subject."""

    text: str
    """'through the view active_users'; empty: it is the subject itself."""
    readable: bool = True
    """False: what stands behind the name could not be read."""


@dataclass(frozen=True, slots=True)
class Watch:
    """What of a relation is looked for."""

    columns: Mapping[str, Why] = field(default_factory=dict)
    any_mention: Why | None = None
    """Every mention of the relation is use: the subject is a table, or a view whose every row asks for it."""


@dataclass(frozen=True)
class Watched:
    """Everything that is looked for, and the columns of every relation that is known."""

    relations: Mapping[Name, Watch] = field(default_factory=dict)
    functions: Mapping[Name, Why] = field(default_factory=dict)
    written: Mapping[Name, Why] = field(default_factory=dict)
    """By table: why a change of its rows uses the subject, such as a trigger of it."""
    columns: Mapping[Name, tuple[str, ...]] = field(default_factory=dict)
    constraints: Mapping[tuple[Name, str], tuple[str, ...]] = field(default_factory=dict)
    """By table and constraint: its columns."""
    returns: Mapping[Name, Name] = field(default_factory=dict)
    """By function: the relation whose rows it returns."""

    @cached_property
    def names(self) -> frozenset[str]:
        """Every name that has to stand in a text that uses the subject."""
        giving = {each for each, relation in self.returns.items() if relation in self.relations}
        return frozenset(
            each.name for names in (self.relations, self.functions, self.written, giving) for each in names
        )

    @cached_property
    def _by_name(self) -> Mapping[str, tuple[Name, ...]]:
        found: dict[str, tuple[Name, ...]] = {}
        for each in {*self.columns, *self.relations, *self.written}:
            found[each.name] = (*found.get(each.name, ()), each)
        return found

    def meant_by(self, name: Name) -> tuple[Name, ...]:
        """The relations that a name may mean: without a schema, those of that name in every schema.

        The search_path that a statement ran under is not kept by the server.
        """
        found = self._by_name.get(name.name, ())
        return found if name.schema is None else tuple(each for each in found if each.schema == name.schema)

    def of_functions(self, name: Name) -> tuple[Why, ...]:
        """Why a call of that name is use, of all the functions it may mean."""
        return tuple(why for each, why in self.functions.items() if _may_mean(name, each))

    def rows_of(self, function: Name) -> tuple[Name, ...]:
        """The relations whose rows a call of that name may return."""
        return tuple(relation for each, relation in self.returns.items() if _may_mean(function, each))

    def why_written(self, names: Iterable[Name]) -> tuple[Why, ...]:
        """Why a change of one of these tables is use."""
        return tuple(self.written[each] for each in names if each in self.written)


def _may_mean(written: Name, known: Name) -> bool:
    return written.name == known.name and written.schema in (None, known.schema)
