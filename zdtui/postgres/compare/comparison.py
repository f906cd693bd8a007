"""The statements of a comparison. Pure.

Two tables are compared stretch by stretch of the source's key. Where the target's key has the same type and collation,
both sides are the same stretch of keys (`by_range`). Where it has not, the two have no order in common: the rows of the
target are looked up by the source's keys, and what the target has besides is found by one statement at the end.

The author's expressions stand in them, so that they run under the author's search_path: all of ours has its schema, and
values are compared by the operators of their types' own order, or as rows, whose equality no search_path decides.
"""

from dataclasses import dataclass, replace

from zdtui.plan.model import CompareAction
from zdtui.postgres.columns import Column
from zdtui.postgres.compare.values import Compared, checksum
from zdtui.postgres.keyset import Key, KeyValue
from zdtui.postgres.operators import EQUAL

TEXT = "::pg_catalog.text"
LISTED = 100
"""Differing keys read from one chunk; more are counted."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """A stretch of keys: above `after` (None: from below the first) up to `upto` (None: to beyond the last)."""

    after: KeyValue | None
    upto: KeyValue | None

    @property
    def parameters(self) -> list[str]:
        """The values in the order `condition` names them."""
        return [*(self.after or ()), *(self.upto or ())]

    def condition(self, key: Key) -> str:
        """The chunk as a condition on the columns of a key."""
        parts = []
        if self.after is not None:
            parts.append(key.after(1))
        if self.upto is not None:
            parts.append(key.upto(1 + len(self.after or ())))
        return " AND ".join(parts) or "true"


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two sides that should be the same, ready to be asked for chunk by chunk."""

    action: CompareAction
    key: Key
    into_key: tuple[Column, ...]
    """The columns of `into` that hold the key."""
    columns: tuple[Compared, ...]
    by_range: bool
    """Whether keys have one order on both sides."""
    null_keys: bool = False
    """Whether the source's key may be null at all: it was looked up that it is not."""
    source: str = ""
    """With its schema; empty: as the author wrote it."""
    into: str = ""

    @property
    def from_table(self) -> str:
        """The source as a statement names it."""
        return self.source or self.action.source

    @property
    def to_table(self) -> str:
        """The target as a statement names it."""
        return self.into or self.action.into

    @property
    def same_table(self) -> bool:
        """Whether columns of one table are compared with what they are made from."""
        return self.to_table == self.from_table

    def counts_sql(self, chunk: Chunk) -> str:
        """One row: rows of the source, and whether both sides are the same."""
        if self.same_table:
            return (
                f"SELECT pg_catalog.count(*), pg_catalog.count(*) FILTER (WHERE {self._differs()}) {EQUAL} 0"
                f" FROM {self.from_table} WHERE {chunk.condition(self.key)}{self._where()}"
            )
        if not self.by_range:
            return (
                f"{self._looked_up(chunk)} SELECT pg_catalog.count(*),"
                f" coalesce(pg_catalog.bool_and(f.there {EQUAL} 1 AND f.same), true) FROM found AS f"
            )
        sums = "pg_catalog.count(*) AS rows, pg_catalog.sum(hash::numeric) AS hashes"
        return (
            f"{self._sides(chunk)} SELECT s.rows, s.rows {EQUAL} t.rows"
            f" AND pg_catalog.record_eq(ROW(s.hashes), ROW(t.hashes))"
            f" FROM (SELECT {sums} FROM source) AS s, (SELECT {sums} FROM target) AS t"
        )

    def differences_sql(self, chunk: Chunk) -> str:
        """A row for each of the first LISTED differences: how, how many in all, and the key as text."""
        if self.same_table:
            return (
                f"SELECT 'different', pg_catalog.count(*) OVER (), {self.key.selected} FROM {self.from_table}"
                f" WHERE {chunk.condition(self.key)}{self._where()} AND ({self._differs()})"
                f" ORDER BY {self.key.order()} LIMIT {LISTED}"
            )
        if not self.by_range:
            return (
                f"{self._looked_up(chunk)} SELECT CASE WHEN f.there {EQUAL} 0 THEN 'missing'"
                f" WHEN f.there OPERATOR(pg_catalog.>) 1 THEN 'extra'"
                f" ELSE 'different' END, pg_catalog.count(*) OVER (), {', '.join(f'f.{name}' for name in self._keys())}"
                f" FROM found AS f WHERE NOT (f.there {EQUAL} 1 AND f.same) LIMIT {LISTED}"
            )
        texts = ", ".join(
            f"coalesce(s.{name}::pg_catalog.text, t.{name}::pg_catalog.text, 'null')" for name in self._keys()
        )
        pairs = zip(self._keys(), self.into_key, strict=True)
        joined = " AND ".join(f"s.{name} {column.equal} t.{name}" for name, column in pairs)
        return (
            f"{self._sides(chunk)} SELECT CASE WHEN t.copy IS NULL THEN 'missing' WHEN s.copy IS NULL THEN 'extra'"
            f" ELSE 'different' END, pg_catalog.count(*) OVER (), {texts} FROM source AS s FULL JOIN target AS t"
            f" ON {joined} AND s.copy {EQUAL} t.copy WHERE (s.hash {EQUAL} t.hash) IS NOT TRUE LIMIT {LISTED}"
        )

    def extras_sql(self) -> str:
        """As `differences_sql`, of the rows of the target that no row of the source has the key of."""
        texts = ", ".join(f"coalesce(zdtui_into.{each.quoted}::pg_catalog.text, 'null')" for each in self.into_key)
        matches = " AND ".join(
            f"zdtui_into.{each.quoted} {each.equal} zdtui_row.zdtui_same_{place}"
            for place, each in enumerate(self.into_key)
        )
        return (
            f"SELECT 'extra', pg_catalog.count(*) OVER (), {texts} FROM {self.to_table} AS zdtui_into"
            f" WHERE NOT EXISTS (SELECT FROM {self.from_table}{self._row()} WHERE {matches}{self._where()})"
            f" LIMIT {LISTED}"
        )

    def _where(self) -> str:
        return f" AND ({self.action.where})" if self.action.where else ""

    def _differs(self) -> str:
        return " OR ".join(each.differs for each in self.columns)

    def _keys(self) -> list[str]:
        return [f"key_{place}" for place in range(len(self.into_key))]

    def _row(self) -> str:
        same = ", ".join(
            f"{column.value(own)} AS zdtui_same_{place}"
            for place, (column, own) in enumerate(zip(self.into_key, self.key.columns, strict=True))
        )
        return f" CROSS JOIN LATERAL (SELECT {same}) AS zdtui_row"

    def _sides(self, chunk: Chunk) -> str:
        """Both sides of the chunk: key columns, a number for rows that share a key, and a checksum."""
        source = ", ".join(f"{column} AS key_{place}" for place, column in enumerate(self.key.columns))
        into = [each.quoted for each in self.into_key]
        target = ", ".join(f"{column} AS key_{place}" for place, column in enumerate(into))
        own, theirs = ([each.source for each in self.columns], [each.target for each in self.columns])
        return (
            f"WITH source AS (SELECT {source}, 1::bigint AS copy, {checksum(own)} AS hash"
            f" FROM {self.from_table} WHERE {chunk.condition(self.key)}{self._where()}),"
            f" target AS (SELECT {target}, pg_catalog.row_number() OVER (PARTITION BY {', '.join(into)}) AS copy,"
            f" {checksum(theirs)} AS hash FROM {self.to_table} WHERE {self._in_target(chunk)})"
        )

    def _in_target(self, chunk: Chunk) -> str:
        """The chunk on the target's side; rows whose key is null are in no stretch, so the last one takes them."""
        key = replace(self.key, columns=tuple(each.quoted for each in self.into_key))
        nullable = [each.quoted for each in self.into_key if not each.not_null]
        known = "".join(f" AND {column} IS NOT NULL" for column in nullable)
        if chunk.upto is not None or not nullable:
            return f"{chunk.condition(key)}{known}"
        some_null = " OR ".join(f"{column} IS NULL" for column in nullable)
        return f"(({chunk.condition(key)}{known}) OR {some_null})"

    def _looked_up(self, chunk: Chunk) -> str:
        """Each row of the chunk, how many rows of the target have its key, and whether they are the same."""
        texts = [f"{text} AS {name}" for text, name in zip(self.key.each_text, self._keys(), strict=True)]
        same = [f"zdtui_row.zdtui_same_{place} AS same_{place}" for place in range(len(self.into_key))]
        own, theirs = ([each.source for each in self.columns], [each.target for each in self.columns])
        target = [f"{each.quoted} AS same_{place}" for place, each in enumerate(self.into_key)]
        joined = " AND ".join(f"t.same_{place} {each.equal} s.same_{place}" for place, each in enumerate(self.into_key))
        keys = ", ".join(f"s.{name}" for name in self._keys())
        return (
            f"WITH source AS MATERIALIZED (SELECT pg_catalog.row_number() OVER () AS place, {', '.join(texts)},"
            f" {', '.join(same)}, {checksum(own)} AS hash FROM {self.from_table}{self._row()}"
            f" WHERE {chunk.condition(self.key)}{self._where()}),"
            f" found AS (SELECT {keys}, pg_catalog.count(t.hash) AS there,"
            f" coalesce(pg_catalog.bool_and(t.hash {EQUAL} s.hash), false) AS same FROM source AS s LEFT JOIN"
            f" (SELECT {', '.join(target)}, {checksum(theirs)} AS hash FROM {self.to_table}) AS t ON {joined}"
            f" GROUP BY s.place, {keys})"
        )
