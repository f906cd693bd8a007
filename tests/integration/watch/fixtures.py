"""One primary a version for all of a session's watching and preflight tests, and one primary with a standby."""

from collections.abc import Iterator

import pytest

from tests.integration.watch.cluster import Cluster, cluster, standby_of


@pytest.fixture(scope="session", params=[16, 18])
def primary(request: pytest.FixtureRequest) -> Iterator[Cluster]:
    """A primary of each version."""
    with cluster(request.param) as made:
        yield made


@pytest.fixture(scope="module")
def pair() -> Iterator[tuple[Cluster, Cluster]]:
    """A primary of the newest version and its streaming standby."""
    with cluster(18) as primary, standby_of(primary) as standby:
        yield primary, standby
