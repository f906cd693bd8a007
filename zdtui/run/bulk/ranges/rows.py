"""Which rows a statement is about: a stretch of keys or of pages, or those very rows. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from zdtui.postgres.keyset import Bounds, KeyValue
from zdtui.run.bulk.ranges.lane import Lane


@dataclass(frozen=True, slots=True)
class Rows:
    """A stretch of rows, and which of them are meant."""

    stretch: Callable[[int], str]
    """A condition whose parameters are numbered from the one it is given on."""
    parameters: tuple[object, ...]
    matching: str = ""
    """A condition without parameters; empty: all."""

    def condition(self, first: int) -> str:
        """Both conditions, with parameters from $first on."""
        return f"{self.stretch(first)} AND ({self.matching})" if self.matching else self.stretch(first)

    def but(self, matching: str) -> "Rows":
        """Those of them for which this holds too; an empty text changes nothing."""
        both = f"{self.matching} AND {matching}" if self.matching and matching else self.matching or matching
        return replace(self, matching=both)


def by_bounds(lane: Lane, after: KeyValue | None, upto: KeyValue) -> Rows:
    """The rows of a stretch of keys."""
    bounds, key = Bounds(after, upto), lane.key
    assert key is not None
    return Rows(lambda first: bounds.condition(key, first), tuple(bounds.parameters))


def by_pages(first: int, beyond: int) -> Rows:
    """The rows of a stretch of pages."""
    return Rows(
        lambda place: (
            f"ctid OPERATOR(pg_catalog.>=) ${place}::pg_catalog.tid"
            f" AND ctid OPERATOR(pg_catalog.<) ${place + 1}::pg_catalog.tid"
        ),
        (f"({first},0)", f"({beyond},0)"),
    )


def by_names(lane: Lane, keys: Sequence[KeyValue]) -> Rows:
    """Those very rows: by key, or by their place where the part has none."""
    key = lane.key if lane.is_keyed else None
    if key is None:
        places = [place for (place,) in keys]
        return Rows(lambda first: f"ctid OPERATOR(pg_catalog.=) ANY (${first}::pg_catalog.tid[])", (places,))
    columns = [list(column) for column in zip(*keys, strict=True)]
    return Rows(key.among, tuple(columns))
