"""Running the corpus on a real server: `observations(cluster)` is what PostgreSQL did with each of its statements."""

import asyncio
import itertools
import json
from pathlib import Path
from typing import Any

import psycopg

from tests.corpus import FOLDER, SCHEMA, Case, cases
from zdtui.demo.embedded import Cluster
from zdtui.sql.lock_modes import LockMode
from zdtui.sql.split import split
from zdtui.sql.text.name import Name
from zdtui.sql.transactions import transactional
from zdtui.trace.observe import Connection, observe, observe_alone
from zdtui.trace.observed import Observed, ObservedLock

TEMPLATE, COMMON = "corpus_template", "corpus"
OBSERVED = FOLDER / "observed"
_numbers = itertools.count(1)


def prepare(cluster: Cluster) -> None:
    """Make the schema of the corpus in a database that others are copied from."""
    with psycopg.connect(cluster.dsn(), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {TEMPLATE}")
    with psycopg.connect(cluster.dsn(TEMPLATE), autocommit=True) as connection:
        connection.execute(SCHEMA.encode())
    with psycopg.connect(cluster.dsn(), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {COMMON} TEMPLATE {TEMPLATE}")


async def observations(cluster: Cluster) -> dict[str, Observed | str]:
    """By the case's name: what was observed, or the server's refusal."""
    version = cluster.binaries.major
    found: dict[str, Observed | str] = {}
    common = await _connect(cluster, COMMON)
    for case in cases():
        if case.from_version > version:
            continue
        alone = not transactional(split(case.sql)[0].operations, version)
        try:
            if alone or case.given:
                found[case.name] = await _in_a_copy(cluster, case, alone)
            else:
                found[case.name] = await _in_a_transaction(common, case)
        except psycopg.Error as error:
            found[case.name] = f"refused: {error.diag.message_primary or error}"
    await common.close()
    return found


async def _connect(cluster: Cluster, database: str) -> Connection:
    return await psycopg.AsyncConnection.connect(cluster.dsn(database), autocommit=True)


async def _in_a_transaction(connection: Connection, case: Case) -> Observed:
    await connection.execute("BEGIN")
    try:
        return await observe(connection, case.sql)
    finally:
        await connection.execute("ROLLBACK")


async def _in_a_copy(cluster: Cluster, case: Case, alone: bool) -> Observed:
    name = f"corpus_{next(_numbers)}"
    server = await _connect(cluster, "postgres")
    await server.execute(f"DROP DATABASE IF EXISTS {name}")
    await server.execute(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
    try:
        async with await _connect(cluster, name) as connection:
            for statement in split(case.given):
                await connection.execute(statement.text.encode())
            if not alone:
                return await _in_a_transaction(connection, case)
        table = next((each.relation for each in split(case.sql)[0].operations if each.relation), None)
        return await observe_alone(lambda: _connect(cluster, name), case.sql, table)
    finally:
        await server.execute(f"DROP DATABASE {name} WITH (FORCE)")
        await server.close()


def written(found: dict[str, Observed | str]) -> str:
    """As it is kept: one case a line, so that a difference is a line."""
    lines = [
        f"{json.dumps(name)}: {json.dumps(_as_data(each), sort_keys=True)}" for name, each in sorted(found.items())
    ]
    return "{\n" + ",\n".join(lines) + "\n}\n"


def kept(version: int) -> dict[str, Observed | str]:
    """What was observed on that version when the corpus was last written."""
    data = json.loads((OBSERVED / f"{version}.json").read_text())
    return {name: _from_data(each) for name, each in data.items()}


def keep(version: int, found: dict[str, Observed | str]) -> Path:
    """Write what was observed; the file."""
    OBSERVED.mkdir(exist_ok=True)
    file = OBSERVED / f"{version}.json"
    file.write_text(written(found))
    return file


def _as_data(observed: Observed | str) -> Any:
    if isinstance(observed, str):
        return observed
    data: dict[str, Any] = {"locks": {str(lock.relation): str(lock.mode) for lock in observed.locks}}
    for what in ("rewrites", "rebuilds", "scans", "created"):
        if names := getattr(observed, what):
            data[what] = [str(name) for name in names]
    return data


def _from_data(data: Any) -> Observed | str:
    if isinstance(data, str):
        return data
    locks = tuple(sorted(ObservedLock(_name(name), LockMode(mode)) for name, mode in data["locks"].items()))
    rest = {what: tuple(map(_name, data.get(what, ()))) for what in ("rewrites", "rebuilds", "scans", "created")}
    return Observed(locks=locks, **rest)


def _name(text: str) -> Name:
    return Name(*text.split(".", 1))


def main() -> None:
    """`python -m tests.corpus.observing`: observe every server there is, and keep it."""
    from tests.corpus.servers import VERSIONS, running

    for version in VERSIONS:
        with running(version) as cluster:
            prepare(cluster)
            found = asyncio.run(observations(cluster))
            refused = [f"  {name}: {each}" for name, each in found.items() if isinstance(each, str)]
            print(f"{keep(version, found)}: {len(found)} statements", *refused, sep="\n")  # noqa: T201


if __name__ == "__main__":
    main()
