"""How large relations are, without their indexes, as far as VACUUM or ANALYZE has ever said."""

from collections.abc import Iterable
from dataclasses import dataclass

from zdtui.postgres.ask import Connection, ask
from zdtui.postgres.queries import query


@dataclass(frozen=True, slots=True)
class Size:
    """One relation with its partitions and TOAST."""

    bytes: int
    rows: int


async def read_sizes(connection: Connection, names: Iterable[str]) -> dict[str, Size]:
    """By name as it was asked for ('public.users', quoted where SQL wants it); what nobody knows is not there.

    Nothing is locked. Raises psycopg.Error.
    """
    asked = sorted(set(names))
    if not asked:
        return {}
    rows = await ask(connection, query("relation_sizes"), [asked])
    return {name: Size(int(size), int(rows)) for name, size, rows in rows}
