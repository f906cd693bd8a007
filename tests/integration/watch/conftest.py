"""The servers these tests need."""

from tests.integration.watch.fixtures import pair, primary

__all__ = ["pair", "primary"]
