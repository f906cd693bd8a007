"""Looking at a database: pg_dump and our own questions at the same time."""

from collections.abc import Sequence

from zdtui.fingerprint.dump_text import facts_of_dump
from zdtui.fingerprint.dumper import Dumper, dumped
from zdtui.fingerprint.fingerprint import Fingerprint, TableSum
from zdtui.owned_tasks import beside
from zdtui.postgres.ask import Connection
from zdtui.postgres.encoding import server_encoding
from zdtui.postgres.fingerprint import Seen, look
from zdtui.postgres.fingerprint.rows import sum_rows
from zdtui.postgres.journal.place import JOURNAL, REHEARSAL
from zdtui.postgres.sessions.connect import connect
from zdtui.postgres.target.target import Target

OPTIONS = ("--schema-only", *(f"--exclude-schema={each}" for each in (JOURNAL, REHEARSAL)), "--no-tablespaces")
"""With owners, privileges, security labels and subscriptions; without the schemas that journals are in.
Where a relation lies is asked of the catalog."""
APPLICATION = "zdtui fingerprint"


async def take(
    target: Target,
    dumper: Dumper,
    *,
    tables: Sequence[str] = (),
    like: Fingerprint | None = None,
    session: Connection | None = None,
) -> Fingerprint:
    """Look at the database. Raises TargetError, with one sentence, when pg_dump could not read it.

    `tables`: those whose rows are summed, as SQL writes them. `like`: an earlier look; of each table it has summed, the
    same columns are summed again. `session`: one to ask on, outside a transaction; else one is opened and closed.
    What a question of ours may not see is among the `unread`.
    """
    if session is None:
        async with await connect(target, application_name=APPLICATION, only_asks=False) as own:
            return await _take(target, dumper, tables, like, own)
    return await _take(target, dumper, tables, like, session)


async def _take(
    target: Target, dumper: Dumper, tables: Sequence[str], like: Fingerprint | None, session: Connection
) -> Fingerprint:
    async with beside(_asked(session, tables, like)) as asking:
        text = await dumped(target, dumper, OPTIONS, server_encoding(session), APPLICATION)
    seen, data, unread = asking.result()
    return Fingerprint(
        facts={**facts_of_dump(text), **seen.facts},
        positions=seen.positions,
        holes=seen.holes,
        data=data,
        unread=(*seen.unread, *unread),
        made_with=f"pg_dump {dumper.version} on PostgreSQL {session.info.server_version}",
    )


async def _asked(
    session: Connection, tables: Sequence[str], like: Fingerprint | None
) -> tuple[Seen, dict[str, TableSum], list[str]]:
    """What is not pg_dump's: the catalog, and the rows."""
    seen = await look(session)
    known = {} if like is None else like.data
    data: dict[str, TableSum] = {}
    unread = []
    for table in dict.fromkeys((*known, *tables)):
        rows = await sum_rows(session, table, known[table].columns if table in known else None)
        if rows is not None and rows.unread:
            unread.append(f"the rows of {table}: {rows.unread}")
        elif rows is not None:
            data[table] = TableSum(rows.columns, rows.count, rows.total)
    return seen, data, unread
