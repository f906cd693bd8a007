"""The corpus on PostgreSQL 14, 16 and 18: what is kept is what happens, and what a catalog predicts is what is kept."""

import pytest

from tests.corpus import Case, cases_of, sample_of
from tests.corpus.comparing import differences, same, wrong
from tests.corpus.kept import Outcome, kept
from tests.corpus.observing import copy_with, observations
from zdtui.demo.embedded import Cluster
from zdtui.postgres.catalog import read_schema
from zdtui.sql.predict import effects
from zdtui.sql.schema.relations import Schema
from zdtui.sql.split import split


def told(case: Case, seen: Outcome, schema: Schema, version: int) -> list[str]:
    if isinstance(seen, str):
        return [f"{case.name}: {seen}"]
    operations = split(case.sql)[0].operations
    found = differences(seen, effects(operations, schema, version), operations, schema, version)
    return [f"{case.name}: {each}" for each in wrong(found)]


async def schema_of(cluster: Cluster, given: str = "") -> Schema:
    async with copy_with(cluster, given) as connection:
        return await read_schema(connection)


@pytest.mark.timeout(300)
async def test_what_is_kept_is_what_happens(corpus_server: Cluster) -> None:
    version = corpus_server.binaries.major
    chosen, as_kept = sample_of(version), kept(version)
    seen, schema = await observations(corpus_server, chosen), await schema_of(corpus_server)
    other = [case.name for case in chosen if not same(seen[case.name], as_kept[case.name], schema)]
    assert other == [], "python -m tests.corpus.observing keeps what is seen now"


@pytest.mark.timeout(300)
async def test_what_the_catalog_predicts_is_what_happens(corpus_server: Cluster) -> None:
    version = corpus_server.binaries.major
    plain, as_kept = await schema_of(corpus_server), kept(version)
    found = []
    for case in cases_of(version):
        if not case.given or case in sample_of(version):
            schema = await schema_of(corpus_server, case.given) if case.given else plain
            found += told(case, as_kept[case.name], schema, version)
    assert found == [], "\n".join(found)
