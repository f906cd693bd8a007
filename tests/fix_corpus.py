"""`corpus_server`: PostgreSQL 14, 16 and 18 with the schema of the corpus in databases of its own."""

from collections.abc import Iterator

import pytest

from tests.corpus.observing import prepare
from tests.corpus.servers import IN_TESTS, MissingServerError, running
from zdtui.demo.embedded import Cluster


@pytest.fixture(scope="session", params=IN_TESTS, ids=lambda version: f"pg{version}")
def corpus_server(request: pytest.FixtureRequest) -> Iterator[Cluster]:
    """A server with the corpus prepared; what a test changes it changes in a copy. Skipped where it cannot be had."""
    try:
        with running(request.param) as cluster:
            prepare(cluster)
            yield cluster
    except MissingServerError as error:
        pytest.skip(str(error))
