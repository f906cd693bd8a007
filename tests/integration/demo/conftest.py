"""What the tests of the demo share."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.integration.demo.serving import Serving, temporary_folder


@pytest.fixture
def temporary() -> Iterator[Path]:
    """A folder in which every account may make its own, gone after the test."""
    with temporary_folder() as path:
        yield path


@pytest.fixture
def serve(temporary: Path) -> Iterator[Callable[..., Serving]]:
    """Starts a demo that serves, with these options; what the test does not end is ended after it."""
    started: list[Serving] = []

    def start(*options: str, uid: int | None = None) -> Serving:
        started.append(Serving(temporary, *options, uid=uid))
        return started[-1]

    yield start
    for demo in started:
        if demo.process.returncode is None:
            demo.end()
