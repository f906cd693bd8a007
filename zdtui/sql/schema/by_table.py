"""Constraints in the order they came, found by a table they name without looking through the others."""

from collections.abc import Callable, Iterable, Iterator
from typing import Generic, TypeVar

from zdtui.sql.text.name import Name

Item = TypeVar("Item")


class ByTable(Generic[Item]):
    """A list of things that each stand on tables, changed in place by its one owner."""

    def __init__(self, tables_of: Callable[[Item], Iterable[Name]], items: Iterable[Item] = ()) -> None:
        self._tables_of = tables_of
        self._items: dict[int, Item] = {}
        self._on: dict[Name, dict[int, None]] = {}
        self._next = 0
        for each in items:
            self.append(each)

    def __iter__(self) -> Iterator[Item]:
        return iter(tuple(self._items.values()))

    def __len__(self) -> int:
        return len(self._items)

    def append(self, item: Item) -> None:
        """Add one, after all others."""
        self._put(self._next, item)
        self._next += 1

    def on(self, table: Name) -> tuple[Item, ...]:
        """Those that stand on the table, in order."""
        return tuple(self._items[number] for number in sorted(self._on.get(table, ())))

    def change(self, table: Name, becomes: Callable[[Item], Item | None]) -> None:
        """Have each that stands on the table become another, in its place; None takes it away."""
        for number in sorted(self._on.get(table, ())):
            before = self._items[number]
            after = becomes(before)
            if after is before:
                continue
            for name in self._tables_of(before):
                self._on[name].pop(number, None)
            if after is None:
                del self._items[number]
            else:
                self._put(number, after)

    def copied(self) -> "ByTable[Item]":
        """The same things, to be changed apart."""
        return ByTable(self._tables_of, self)

    def _put(self, number: int, item: Item) -> None:
        self._items[number] = item
        for name in self._tables_of(item):
            self._on.setdefault(name, {})[number] = None
