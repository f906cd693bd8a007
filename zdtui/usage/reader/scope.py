"""Which relation a name belongs to: the names of a FROM, and those of the queries around it. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from zdtui.usage.reader.watched import Watch, Why

Columns = tuple[str, ...] | None
"""The names of columns in order; None: not known."""


class Use(NamedTuple):
    """A mention that is use."""

    why: Why
    what: str
    """'users.name'."""


@dataclass(frozen=True, slots=True)
class Source:
    """One thing that rows come from, by the name it goes by."""

    alias: str
    columns: Columns = None
    watch: Watch = field(default_factory=Watch)
    called: str = ""
    """What the relation is called in a sentence."""
    given: bool = False
    """A function was given this row, such as NEW: its columns are never meant by their bare names."""

    def use_of(self, column: str) -> Use | None:
        """The use that a mention of its column is; None: it is none."""
        why = self.watch.columns.get(column)
        return None if why is None else Use(why, f"{self.called}.{column}")

    def has(self, column: str) -> bool:
        """Whether it is known to have such a column."""
        return column in self.watch.columns or (self.columns is not None and column in self.columns)

    @property
    def all_uses(self) -> tuple[Use, ...]:
        """The uses that a mention of all its columns is."""
        return tuple(Use(why, self.called) for why in self.watch.columns.values())


Level = tuple[Source, ...]
"""The sources of one query."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What names mean at one place of a statement."""

    levels: tuple[Level, ...] = ()
    """The innermost query first."""
    made: Mapping[str, Columns] = field(default_factory=dict)
    """The queries of WITH, by name."""

    def inside(self, level: Level) -> "Scope":
        """In a query over these sources."""
        return replace(self, levels=(level, *self.levels))

    def knowing(self, name: str, columns: Columns) -> "Scope":
        """With one more query of WITH."""
        return replace(self, made={**self.made, name: columns})

    @property
    def innermost(self) -> Level:
        """The sources that a bare * means."""
        return self.levels[0] if self.levels else ()

    def rows_called(self, alias: str) -> Level:
        """The sources of that name in the innermost query that has one; several where a join was given a name."""
        for level in self.levels:
            if found := tuple(each for each in level if each.alias == alias):
                return found
        return ()

    def uses_of_bare(self, column: str) -> tuple[Use, ...] | None:
        """What a column's name alone may use. None: nothing here is known to have such a column.

        A source whose columns are not known may have it, or not: the search goes on, and what could be meant is use.
        """
        for level in self.levels:
            sources = [each for each in level if not each.given]
            if any(each.has(column) for each in sources):
                return tuple(_uses(sources, column))
        return None


def _uses(sources: list[Source], column: str) -> Iterator[Use]:
    for each in sources:
        if (use := each.use_of(column)) is not None:
            yield use


@dataclass
class Found:
    """What was found on the walk through a statement."""

    uses: dict[str, bool] = field(default_factory=dict)
    """How it uses the subject, in a sentence's words, and whether what stands behind that could be read."""
    whole_rows: bool = False
    """A row that a function was given is taken as a whole."""

    def add(self, how: str, use: Use) -> None:
        """One more: 'reads', of 'users.name'."""
        self.say(use.why.text or f"{how} {use.what}", use.why.readable)

    def say(self, sentence: str, readable: bool = True) -> None:
        """The same in words."""
        self.uses[sentence] = self.uses.get(sentence, True) and readable
