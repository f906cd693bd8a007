"""Ids of steps, made of a migration's version and name. Pure."""

import re

from zdtui.importing.migration import Migration

LONGEST = 60


def step_id(migration: Migration, taken: set[str]) -> str:
    """One that no step has yet; it is added to `taken`."""
    version, name = slug(migration.version, "v"), slug(migration.name, "")
    joined = version if not name or name in version else f"{version}-{name}"
    base = joined[:LONGEST].rstrip("-")
    found, number = base, 2
    while found in taken:
        end = f"-{number}"
        found, number = f"{base[: LONGEST - len(end)].rstrip('-')}{end}", number + 1
    taken.add(found)
    return found


def slug(text: str, otherwise: str) -> str:
    """The text as a name in a plan; `otherwise` where nothing of it can be in one."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:LONGEST].rstrip("-") or otherwise
