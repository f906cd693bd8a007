"""A folder of migrations as a plan's text: a step each, the tool's own history written with it. Pure."""

import re
from dataclasses import dataclass

from zdtui.counted import counted
from zdtui.importing.inverse import proposed_inverse
from zdtui.importing.migration import Folder, ImportingError, Migration, Script
from zdtui.plan.model import (
    Action,
    CheckAction,
    Irreversible,
    ManualAction,
    NoRollback,
    Phase,
    Plan,
    Rollback,
    SqlAction,
    SqlRollback,
    Step,
    StepId,
)
from zdtui.plan.write import write_plan
from zdtui.sql.split import split

LONGEST_ID = 60
HISTORY_ID = "history"


@dataclass(frozen=True, slots=True)
class Imported:
    """The plan's text, and what a person has to know of it."""

    text: str
    steps: int
    unread: tuple[str, ...]
    """Migrations that a person has to run with the tool, and why."""
    without_way_back: tuple[str, ...]
    proposed: tuple[str, ...]
    """Migrations whose way back is proposed here, because the folder has none."""
    remarks: tuple[str, ...]


def plan_of(folder: Folder, name: str, first: str | None = None) -> Imported:
    """The plan of every migration from the version `first` on. Raises ImportingError when there is none."""
    chosen = _from(folder, first)
    comments: dict[tuple[str, str], str] = {("", ""): _head(folder, first)}
    steps = [*_history_steps(folder)]
    unread: list[str] = []
    lost: list[str] = []
    proposed: list[str] = []
    taken: set[str] = {step.id for step in steps}
    for migration in chosen:
        step_id = _step_id(migration, taken)
        rollback, said = _rollback(migration, folder)
        if said:
            comments[step_id, "rollback"] = said
            (proposed if isinstance(rollback, SqlRollback) else lost).append(migration.version)
        if migration.up is None:
            unread.append(f"{migration.path}: {migration.unread}")
        steps.append(_step(step_id, migration, folder, rollback))
    plan = Plan(
        name=_slug(name, "imported"),
        title=f"{counted(len(chosen), 'migration')} of {folder.tool}",
        steps=tuple(steps),
        source="",
        path="",
        digest="",
    )
    return Imported(write_plan(plan, comments), len(steps), tuple(unread), tuple(lost), tuple(proposed), folder.remarks)


def _from(folder: Folder, first: str | None) -> tuple[Migration, ...]:
    if not folder.migrations:
        raise ImportingError(f"the folder of {folder.tool} has no migration")
    if first is None:
        return folder.migrations
    versions = [each.version for each in folder.migrations]
    if first not in versions:
        raise ImportingError(f"there is no version `{first[:60]}`; the folder has {versions[0]} to {versions[-1]}")
    return folder.migrations[versions.index(first) :]


def _head(folder: Folder, first: str | None) -> str:
    since = f", from {first} on" if first is not None else ""
    return (
        f"Imported from a folder of {folder.tool}{since}. Each step writes the row that the tool would have written,\n"
        "and takes it away when it is rolled back: afterwards the tool finds nothing left to do."
    )


def _history_steps(folder: Folder) -> list[Step]:
    steps = []
    if folder.table:
        action: Action = SqlAction(sql=f"{folder.table}\n")
        kept = NoRollback(reason="an empty history is as good as none")
        steps.append(_made(HISTORY_ID, f"The history of {folder.tool} is there", action, kept))
    if folder.clean:
        checked = NoRollback(reason="it only looks")
        title = f"No migration of {folder.tool} stopped half way"
        steps.append(_made(f"{HISTORY_ID}-is-clean", title, CheckAction(query=folder.clean), checked))
    return steps


def _made(step_id: str, title: str, action: Action, rollback: Rollback) -> Step:
    return Step(id=StepId(step_id), title=title, phase=Phase.EXPAND, action=action, rollback=rollback)


def _step(step_id: str, migration: Migration, folder: Folder, rollback: Rollback) -> Step:
    title = " ".join(migration.name.replace("_", " ").replace("-", " ").split()) or migration.version
    if migration.up is None:
        told = f"Run {migration.path} with {folder.tool}: {migration.unread}, so that it cannot be read here."
        action: Action = ManualAction(instructions=told)
    else:
        action = SqlAction(sql=_with_history(migration.up, migration.done, folder))
    step = _made(step_id, title[:200], action, rollback)
    return step.model_copy(update={"notes": migration.notes})


def _rollback(migration: Migration, folder: Folder) -> tuple[Rollback, str]:
    """What undoes it, and what has to be said of that."""
    if migration.up is None:
        return NoRollback(reason=f"{folder.tool} takes back what it ran"), ""
    if migration.down is not None:
        return SqlRollback(sql=_with_history(migration.down, migration.undone, folder)), ""
    inverse = proposed_inverse(migration.up.sql)
    if inverse is None:
        told = f"{migration.path} has no way down, and one of its statements has no inverse that is known"
        return Irreversible(consequence=told), f"{migration.path} has no way down: write one if you can."
    script = Script(inverse, migration.path, migration.up.one_transaction)
    return SqlRollback(
        sql=_with_history(script, migration.undone, folder)
    ), "Proposed here: the folder has no way down. Read it."


def _with_history(script: Script, row: str, folder: Folder) -> str:
    """The author's text, byte for byte, then the tool's row; within the tool's own lock where it has one."""
    together = script.one_transaction and all(each.transactional for each in split(script.sql))
    before = f"SELECT pg_advisory_xact_lock({folder.lock});\n" if folder.lock and together else ""
    text = script.sql if not script.sql or script.sql.endswith("\n") else f"{script.sql}\n"
    ended = "" if not split(text) or text.rstrip().endswith(";") or _ends_in_comment(text) else ";\n"
    return f"{before}{text}{ended}-- the history of {folder.tool}\n{row};\n"


def _ends_in_comment(text: str) -> bool:
    last = split(text)[-1]
    return text[last.offset + len(last.text) :].lstrip().startswith(";")


def _step_id(migration: Migration, taken: set[str]) -> str:
    version, name = _slug(migration.version, "v"), _slug(migration.name, "")
    joined = version if not name or name in version else f"{version}-{name}"
    base = joined[:LONGEST_ID].rstrip("-")
    found, number = base, 2
    while found in taken:
        end = f"-{number}"
        found, number = f"{base[: LONGEST_ID - len(end)].rstrip('-')}{end}", number + 1
    taken.add(found)
    return found


def _slug(text: str, otherwise: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:LONGEST_ID].rstrip("-") or otherwise
