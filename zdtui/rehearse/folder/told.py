"""A rehearsed folder in words, and as JSON. Pure."""

import json
from collections.abc import Iterator

from zdtui.counted import counted
from zdtui.rehearse.folder.judged import JudgedFolder, JudgedMigration, Judgement
from zdtui.sql.text.secrets import masked


def migration_lines(judged: JudgedMigration) -> Iterator[str]:
    """One migration: the verdict, and what is different below it."""
    first, *others = judged.difference.split("\n")
    alone = f": {first}" if first and not others else ""
    yield f"{judged.verdict:<12} {judged.name}{alone}"
    if others:
        yield from (f"    {line}" for line in (first, *others))


def closing_lines(judged: JudgedFolder) -> Iterator[str]:
    """How many there are of each, and what is to be known besides."""
    counts = [f"{judged.count(each)} {each}" for each in Judgement if judged.count(each)]
    went = f"{judged.tool}, {counted(len(judged.migrations), 'migration')} on PostgreSQL {judged.server}"
    yield f"{went}: {', '.join(counts)}"
    yield from (f"  {each}" for each in judged.notes)


def as_json(judged: JudgedFolder) -> str:
    """All of it, for a program; passwords are struck out."""
    told = {
        "tool": judged.tool,
        "server": judged.server,
        "proven": judged.is_proven,
        "migrations": [
            {
                "name": each.name,
                "path": each.path,
                "verdict": str(each.verdict),
                "difference": masked(each.difference),
                "seconds": each.seconds,
            }
            for each in judged.migrations
        ],
        "notes": [masked(each) for each in judged.notes],
    }
    return json.dumps(told, indent=2)
