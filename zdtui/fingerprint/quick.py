"""A quick look by the catalog alone, in one journey: has anything changed, and of what kind?"""

from collections.abc import Mapping
from dataclasses import dataclass

from zdtui.postgres.ask import Connection
from zdtui.postgres.fingerprint import quick_look


@dataclass(frozen=True, slots=True)
class QuickHash:
    """A hash over each part of the catalog, by names and not by numbers: an object made anew as it was has the same."""

    parts: Mapping[str, str]

    def changed_since(self, before: "QuickHash") -> tuple[str, ...]:
        """The parts in which something is another: 'columns', 'indexes'."""
        return tuple(part for part, seen in self.parts.items() if before.parts.get(part) != seen)


async def quick_hash(session: Connection) -> QuickHash:
    """Look at the catalog; also in a transaction, where its own changes are seen. Raises psycopg.Error.

    It is a look and no verdict: pg_dump judges (`take` and `compare`).
    """
    return QuickHash(dict(await quick_look(session)))
