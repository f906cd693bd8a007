"""Running the corpus on a real server: `observations(cluster, cases)` is what PostgreSQL did with each statement.

Each is tried in a transaction, which is rolled back. What the server refuses there is run alone, in a database of its
own, and seen while it waits.
"""

import asyncio
import sys
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import replace
from itertools import groupby

import psycopg
from psycopg import errors

from tests.corpus import SCHEMA, Case, cases_of
from tests.corpus.kept import Outcome, Seen, keep, kept
from tests.corpus.servers import VERSIONS, MissingServerError, running
from zdtui.demo.embedded import Cluster
from zdtui.sql.lock_modes import LockMode
from zdtui.sql.split import split
from zdtui.trace.observe import Connection, observe, observe_alone

TEMPLATE, COPY = "corpus_template", "corpus_copy"
ALONE = (errors.ActiveSqlTransaction, errors.InvalidTransactionTermination)
"""How a server refuses a transaction block: at once, or when a procedure wants to commit."""
INDEXES = "SELECT relname FROM pg_class WHERE relkind IN ('i', 'I')"
FIRM = LockMode.SHARE_UPDATE_EXCLUSIVE.strength
"""Outside a transaction weaker locks on indexes are seen or not, by the moment."""


def prepare(cluster: Cluster) -> None:
    """Make the schema of the corpus in a database that others are copied from, and a tablespace."""
    with psycopg.connect(cluster.dsn(), autocommit=True) as connection:
        connection.execute("SET allow_in_place_tablespaces = on")
        connection.execute("CREATE TABLESPACE side LOCATION ''")
        connection.execute(f"CREATE DATABASE {TEMPLATE}")
    with psycopg.connect(cluster.dsn(TEMPLATE), autocommit=True) as connection:
        connection.execute(SCHEMA.encode())


async def observations(cluster: Cluster, chosen: Iterable[Case]) -> dict[str, Outcome]:
    """By the case's name: what was seen, or the server's refusal."""
    found: dict[str, Outcome] = {}
    refused: list[Case] = []
    await _set_fsync(cluster, "off")
    for given, group in groupby(sorted(chosen, key=lambda case: case.given), key=lambda case: case.given):
        async with copy_with(cluster, given) as connection:
            for case in group:
                try:
                    found[case.name] = await _in_a_transaction(connection, case)
                except ALONE:
                    refused.append(case)
                except psycopg.DatabaseError as error:
                    found[case.name] = _refusal(error)
    await _set_fsync(cluster, "on")
    for case in refused:
        async with copy_with(cluster, case.given):
            try:
                found[case.name] = await _alone(cluster, case)
            except psycopg.DatabaseError as error:
                found[case.name] = _refusal(error)
    return found


@asynccontextmanager
async def copy_with(cluster: Cluster, given: str) -> AsyncIterator[Connection]:
    """A session in a copy of the corpus in which these statements have been run."""
    async with await _connect(cluster, "postgres") as server:
        await server.execute(f"DROP DATABASE IF EXISTS {COPY} WITH (FORCE)")
        await server.execute(f"CREATE DATABASE {COPY} TEMPLATE {TEMPLATE}")
    async with await _connect(cluster, COPY) as connection:
        for statement in split(given):
            await connection.execute(statement.text.encode())
        yield connection


def _refusal(error: psycopg.Error) -> str:
    if error.sqlstate is None:
        raise error
    return f"refused: {error.diag.message_primary}"


async def _connect(cluster: Cluster, database: str) -> Connection:
    return await psycopg.AsyncConnection.connect(cluster.dsn(database), autocommit=True)


async def _set_fsync(cluster: Cluster, to: str) -> None:
    """Copies are made fast without; what runs alone is only seen to its end with it, see `observe_alone`."""
    async with await _connect(cluster, "postgres") as server:
        await server.execute(f"ALTER SYSTEM SET fsync = {to}".encode())
        await server.execute("SELECT pg_reload_conf()")
        while True:
            now = await (await server.execute("SHOW fsync")).fetchone()
            if now == (to,):
                return
            await asyncio.sleep(0.01)


async def _in_a_transaction(connection: Connection, case: Case) -> Seen:
    await connection.execute("BEGIN")
    try:
        return Seen(await observe(connection, case.sql))
    finally:
        await connection.execute("ROLLBACK")


async def _alone(cluster: Cluster, case: Case) -> Seen:
    table = next((each.relation for each in split(case.sql)[0].operations if each.relation), None)
    seen = await observe_alone(lambda: _connect(cluster, COPY), case.sql, table)
    async with await _connect(cluster, TEMPLATE) as connection:
        indexes = {row[0] for row in await (await connection.execute(INDEXES)).fetchall()}
    firm = (each for each in seen.locks if each.mode.strength >= FIRM or each.relation.name not in indexes)
    return Seen(replace(seen, locks=tuple(firm)), transactional=False)


def main(words: Iterable[str]) -> None:
    """`python -m tests.corpus.observing [new] [16 ...]`: observe these servers, or every one there is, and keep it.

    With `new` only what is not kept yet, and what the server refused.
    """
    only_new = "new" in words
    for version in [int(word) for word in words if word != "new"] or VERSIONS:
        before = {name: each for name, each in kept(version).items() if only_new and isinstance(each, Seen)}
        chosen = [case for case in cases_of(version) if case.name not in before]
        try:
            with running(version) as cluster:
                prepare(cluster)
                found = asyncio.run(observations(cluster, chosen))
        except MissingServerError as error:
            sys.stdout.write(f"{version}: what is kept stays as it was: {error}\n")
            continue
        names = {case.name for case in cases_of(version)}
        all_of_it = {name: each for name, each in (before | found).items() if name in names}
        refused = "".join(f"  {name}: {each}\n" for name, each in found.items() if isinstance(each, str))
        sys.stdout.write(f"{keep(version, all_of_it)}: {len(found)} statements\n{refused}")


if __name__ == "__main__":
    main(sys.argv[1:])
