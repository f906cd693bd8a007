"""How a list of sessions is sorted, and which are left out for being young, or of another database. Pure."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from zdtui import amounts
from zdtui.watch.samples import Backend

AGES = (0.0, 1.0, 5.0, 30.0, 60.0, 300.0, 3600.0)
"""Seconds that a session has to be old to be listed, as the key goes through them."""
NONE = timedelta(0)

SORTS: dict[str, Callable[[Backend], tuple[object, ...]]] = {
    "transaction age": lambda each: (-(each.transaction_age or NONE), -(each.query_age or NONE)),
    "statement age": lambda each: (-(each.query_age or NONE),),
    "time in its state": lambda each: (-(each.state_age or NONE),),
    "xmin age": lambda each: (-(each.xmin_age or 0),),
    "user": lambda each: (each.user or "~", each.database or "~"),
    "database": lambda each: (each.database or "~", each.user or "~"),
    "what it waits for": lambda each: (each.wait_event is None, each.wait_event_type or "", each.wait_event or ""),
}
"""The first is how the server gives them: the oldest transaction first."""
NAMES = tuple(SORTS)


@dataclass(frozen=True, slots=True)
class Listing:
    """What the operator has chosen for one list."""

    sort: str = NAMES[0]
    older_than: float = 0.0
    """Seconds; by its transaction, or by its statement where it has none. Whose age is hidden is never left out."""
    database: str | None = None
    """None: of every database."""

    def sorted_by_next(self, by: int) -> "Listing":
        """By the next order, or the one before."""
        return replace(self, sort=NAMES[(NAMES.index(self.sort) + by) % len(NAMES)])

    def older(self) -> "Listing":
        """The next age; after the longest, all again."""
        return replace(self, older_than=AGES[(AGES.index(self.older_than) + 1) % len(AGES)])

    def next_database(self, own: str | None, seen: Iterable[Backend]) -> "Listing":
        """Every database, then the run's own, then each other of which a session is there."""
        others = sorted({each.database for each in seen if each.database is not None} - {own})
        turn: list[str | None] = [None, *([own] if own is not None else []), *others]
        place = turn.index(self.database) if self.database in turn else 0
        return replace(self, database=turn[(place + 1) % len(turn)])

    def of(self, backends: Sequence[Backend]) -> list[Backend]:
        """Those that are listed, in their order."""
        found = [each for each in backends if self._takes(each)]
        return found if self.sort == NAMES[0] else sorted(found, key=SORTS[self.sort])

    def _takes(self, backend: Backend) -> bool:
        how_old = backend.transaction_age or backend.query_age or NONE
        old_enough = backend.hidden or how_old.total_seconds() >= self.older_than
        return old_enough and self.database in (None, backend.database)

    def __str__(self) -> str:
        """'by user, older than 5.0 s, in shop'; empty when all are listed as they come."""
        said = [f"by {self.sort}"] if self.sort != NAMES[0] else []
        said += [f"older than {amounts.age(self.older_than)}"] if self.older_than else []
        return ", ".join(said + ([f"in {self.database}"] if self.database is not None else []))
