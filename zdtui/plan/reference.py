"""The key reference of docs/plan-format.md, made from the loader's own table. Pure."""

from collections.abc import Iterator

from zdtui.plan.keys import ACTIONS, MAPPINGS, TABLES, Key, Kind

INTRODUCTIONS = {
    "plan": "The whole file.",
    "target": "What the plan expects of the database it is run against.",
    "defaults": "Limits for every step that sets none of its own.",
    "guards": "Over one of these the run is paused and waits for a person.",
    "throttle": "Nearing one of these slows a backfill or copy down, being well over stops it; it goes on by itself.",
    "step": f"Exactly one of {', '.join(f'`{name}`' for name in ACTIONS)}; always a `rollback`.",
    **{name: mapping.introduction for name, mapping in MAPPINGS.items()},
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
