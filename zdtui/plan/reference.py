"""The key reference of docs/plan-format.md, made from the loader's own table. Pure."""

from collections.abc import Iterator

from zdtui.plan.keys import ACTIONS, TABLES, Key, Kind

INTRODUCTIONS = {
    "plan": "The whole file.",
    "target": "What the plan expects of the database it is run against.",
    "defaults": "Limits for every step that sets none of its own.",
    "guards": "Over one of these the run is paused and waits for a person.",
    "throttle": "Nearing one of these slows a backfill or copy down, being well over stops it; it goes on by itself.",
    "step": f"Exactly one of {', '.join(f'`{name}`' for name in ACTIONS)}; always a `rollback`.",
    "backfill": (
        "`UPDATE table SET ... WHERE ...` in small batches, each committed with its checkpoint. Where a changed row no "
        "longer matches `where` (`x IS NULL` with a new value for x, `x IS DISTINCT FROM` its own expression) the "
        "pages are gone through in stripes, so that most updates are HOT, and a sweep by key finds what moved "
        "meanwhile; everything else goes by key. At the end one look at the whole table finds what still matches "
        "`where`. `set` may not change the key that is walked. A partitioned table is walked partition by partition. A "
        "table without a key needs such a `where`."
    ),
    "copy": (
        "`INSERT INTO into SELECT ... FROM from` in batches by key. A row whose key `into` has already is left as it "
        "is; one that meets any other constraint is rejected by its name. What refers to rows of `into` itself is "
        "filled in a second pass. At the end one snapshot of both tables proves that each row is in `into` or rejected."
    ),
    "compare": (
        "Every row, in keyset chunks, both sides in one snapshot. The keys that differ are listed. Values are the same "
        "when what is stored is, by its text (numeric by its worth); rows of `into` whose key is null, is no row's of "
        "`from`, or comes twice are differences. Keys may have other types and collations on both sides."
    ),
    "rollback": "Plain SQL, or exactly one of these keys.",
}


def reference() -> str:
    """Markdown: a table of keys for each kind of mapping."""
    return "\n".join(line for table in TABLES for line in _table(table)) + "\n"


def _table(table: str) -> Iterator[str]:
    yield f"### {table}"
    yield ""
    yield INTRODUCTIONS[table]
    yield ""
    yield "| key | what stands there | what it means |"
    yield "|---|---|---|"
    for key in TABLES[table]:
        must = " (required)" if key.required else ""
        yield f"| `{key.name}`{must} | {_shape(key)} | {key.description} |"
    yield ""


def _shape(key: Key) -> str:
    if key.kind is Kind.CHOICE:
        return ", ".join(f"`{choice}`" for choice in key.choices)
    if key.kind in (Kind.OBJECT, Kind.OBJECTS):
        many = "a list of " if key.kind is Kind.OBJECTS else ""
        return f"{'SQL, or ' if key.or_text else ''}{many}[{key.of}](#{key.of})"
    return str(key.kind.value)
