"""Walking a table by keyset: which key, in which order, and where a batch begins and ends."""

from zdtui.postgres.keyset.find import find_walk, why_no_key
from zdtui.postgres.keyset.key import Bounds, Key, KeyValue, Order, key_text
from zdtui.postgres.keyset.statements import backfill_sql
from zdtui.postgres.keyset.walk import (
    batch_end,
    correlation,
    first_key,
    last_key,
    last_of,
    nth_key,
    proved_without_nulls,
    share_before,
)

__all__ = [
    "Bounds",
    "Key",
    "KeyValue",
    "Order",
    "backfill_sql",
    "batch_end",
    "correlation",
    "find_walk",
    "first_key",
    "key_text",
    "last_key",
    "last_of",
    "nth_key",
    "proved_without_nulls",
    "share_before",
    "why_no_key",
]
