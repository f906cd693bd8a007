"""What the tests of the demo share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.demo.serving import temporary_folder


@pytest.fixture
def temporary() -> Iterator[Path]:
    """A folder in which every account may make its own, gone after the test."""
    with temporary_folder() as path:
        yield path
