"""The whole corpus on PostgreSQL 14, 16 and 18: what is predicted is what happens, and what is kept is what happens."""

import psycopg
import pytest

from tests.corpus import Case, cases
from tests.corpus.comparing import differences, same
from tests.corpus.observing import TEMPLATE, kept, observations
from zdtui.demo.embedded import Cluster
from zdtui.postgres.catalog import read_schema
from zdtui.sql.operation import UNKNOWN
from zdtui.sql.predict import effects
from zdtui.sql.schema.relations import Schema
from zdtui.sql.split import split
from zdtui.sql.transactions import transactional

LEAST_CASES = 250


async def schema_of(cluster: Cluster, given: str = "") -> Schema:
    database = TEMPLATE
    if given:
        database = "given"
        with psycopg.connect(cluster.dsn(), autocommit=True) as server:
            server.execute(f"DROP DATABASE IF EXISTS {database}")
            server.execute(f"CREATE DATABASE {database} TEMPLATE {TEMPLATE}")
        with psycopg.connect(cluster.dsn(database), autocommit=True) as connection:
            for statement in split(given):
                connection.execute(statement.text.encode())
    async with await psycopg.AsyncConnection.connect(cluster.dsn(database), autocommit=True) as asked:
        return await read_schema(asked)


def of_version(version: int) -> list[Case]:
    return [case for case in cases() if case.from_version <= version]


def test_the_corpus_is_large_and_nothing_in_it_is_unknown() -> None:
    assert len(cases()) >= LEAST_CASES
    assert len({case.name for case in cases()}) == len(cases())
    unknown = [case.sql for case in cases() if any(each.kind == UNKNOWN for each in split(case.sql)[0].operations)]
    assert unknown == []


@pytest.mark.timeout(300)
async def test_what_is_predicted_is_what_happens(corpus_server: Cluster) -> None:
    version = corpus_server.binaries.major
    seen = await observations(corpus_server)
    base, as_kept = await schema_of(corpus_server), kept(version)
    wrong = []
    for case in of_version(version):
        schema = await schema_of(corpus_server, case.given) if case.given else base
        found, observed = split(case.sql)[0].operations, seen[case.name]
        if isinstance(observed, str):
            wrong.append(f"{case.name}: {observed}")
            continue
        differ = differences(observed, effects(found, schema, version), found, schema)
        wrong += [f"{case.name}: {each}" for each in differ]
        if not same(observed, as_kept.get(case.name), transactional(found, version), schema):
            wrong.append(f"{case.name}: not what is kept; python -m tests.corpus.observing keeps what is seen now")
    assert wrong == [], "\n".join(wrong)
    assert set(as_kept) == {case.name for case in of_version(version)}
