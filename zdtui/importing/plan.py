"""A folder of migrations as a plan's text: a step each, the tool's own history written with it. Pure."""

from dataclasses import dataclass, field

from zdtui.counted import counted
from zdtui.importing.ids import slug, step_id
from zdtui.importing.inverse import proposed_inverse
from zdtui.importing.migration import Folder, ImportingError, Migration, Script
from zdtui.importing.parts import parts_of
from zdtui.importing.written import History, back, forward, joined, whole
from zdtui.plan.model import (
    Action,
    CheckAction,
    Irreversible,
    ManualAction,
    NoRollback,
    Phase,
    Plan,
    Rollback,
    Sql,
    SqlAction,
    SqlRollback,
    Step,
    StepId,
    Target,
)
from zdtui.plan.write import write_plan

HISTORY_ID = "history"
ONLY_LOOKS = NoRollback(reason="it only looks")


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


@dataclass
class _Being:
    """What is being put together."""

    folder: Folder
    history: History
    steps: list[Step] = field(default_factory=list)
    comments: dict[tuple[str, str], str] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)
    unread: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    proposed: list[str] = field(default_factory=list)


def plan_of(folder: Folder, name: str, first: str | None = None, database: str | None = None) -> Imported:
    """The plan of every migration from the version `first` on. Raises ImportingError when there is none.

    `database`: its name, of which some tools make the key of their lock; the plan then refuses any other.
    """
    before, chosen = _from(folder, first)
    being = _Being(folder, History(folder.tool, _lock(folder, database)))
    being.comments["", ""] = _head(folder, first)
    being.steps += _history_steps(folder, before, chosen)
    being.taken = {step.id for step in being.steps}
    for migration in chosen:
        _add(migration, being)
    plan = Plan(
        name=slug(name, "imported"),
        title=f"{counted(len(chosen), 'migration')} of {folder.tool}",
        target=Target(database=database),
        steps=tuple(being.steps),
        source="",
        path="",
        digest="",
    )
    return Imported(
        write_plan(plan, being.comments),
        len(being.steps),
        tuple(being.unread),
        tuple(being.lost),
        tuple(being.proposed),
        (*folder.remarks, *_without_lock(folder, database)),
    )


def _from(folder: Folder, first: str | None) -> tuple[Migration | None, tuple[Migration, ...]]:
    """The one before the first, and those from it on."""
    if not folder.migrations:
        raise ImportingError(f"the folder of {folder.tool} has no migration")
    versions = [each.version for each in folder.migrations]
    if first is None and folder.one_a_plan and len(versions) > 1:
        raise ImportingError(
            f"each migration of {folder.tool} is a plan of its own, because it is completed before the next one begins:"
            f" say --from NAME, from {versions[0]} to {versions[-1]}"
        )
    if first is None:
        return None, folder.migrations
    if first not in versions:
        raise ImportingError(f"there is no version `{first[:60]}`; the folder has {versions[0]} to {versions[-1]}")
    place = versions.index(first)
    end = place + 1 if folder.one_a_plan else len(versions)
    return folder.migrations[place - 1] if place else None, folder.migrations[place:end]


def _lock(folder: Folder, database: str | None) -> str:
    if folder.lock_of is not None:
        return folder.lock_of(database) if database is not None else ""
    return folder.lock


def _without_lock(folder: Folder, database: str | None) -> tuple[str, ...]:
    if folder.lock_of is None or database is not None:
        return ()
    return (
        f"the lock of {folder.tool}, whose key is made of the database's name: say --database NAME, and each step "
        f"takes it; until then see to it that {folder.tool} does not run beside this plan",
    )


def _head(folder: Folder, first: str | None) -> str:
    if folder.one_a_plan:
        return f"Imported from a folder of {folder.tool}: what it would do at its start, meanwhile and at its end."
    since = f", from {first} on" if first is not None else ""
    return (
        f"Imported from a folder of {folder.tool}{since}. Each step writes the row that the tool would have written,\n"
        "and takes it away when it is rolled back: afterwards the tool finds nothing left to do."
    )


def _history_steps(folder: Folder, before: Migration | None, chosen: tuple[Migration, ...]) -> list[Step]:
    steps = []
    if folder.table:
        kept = NoRollback(reason="an empty history is as good as none")
        action = SqlAction(sql=f"{folder.table}\n")
        steps.append(_made(HISTORY_ID, f"The history of {folder.tool} is there", action, kept))
    if folder.clean:
        title = f"No migration of {folder.tool} stopped half way"
        steps.append(_made(f"{HISTORY_ID}-is-clean", title, CheckAction(query=folder.clean), ONLY_LOOKS))
    if query := _where_it_stands(before, chosen[0]):
        title = f"{folder.tool} has run nothing from {chosen[0].version} on"
        if before is not None and before.recorded:
            title = f"{folder.tool} has run {before.version}, and nothing from {chosen[0].version} on"
        steps.append(_made(f"{HISTORY_ID}-ends-before", title[:200], CheckAction(query=query), ONLY_LOOKS))
    return steps


def _where_it_stands(before: Migration | None, first: Migration) -> str:
    asked = [before.recorded] if before is not None and before.recorded else []
    asked += [f"NOT {first.recorded}"] if first.recorded else []
    return f"SELECT {' AND '.join(asked)}" if asked else ""


def _made(name: str, title: str, action: Action, rollback: Rollback) -> Step:
    return Step(id=StepId(name), title=title, phase=Phase.EXPAND, action=action, rollback=rollback)


def _add(migration: Migration, being: _Being) -> None:
    """The steps of one migration: one, or one for each of its transactions."""
    if migration.steps and not migration.unread:
        base = step_id(migration, being.taken)
        being.steps += [each.model_copy(update={"id": StepId(f"{base}-{each.id}")}) for each in migration.steps]
        return
    if migration.up is None:
        being.unread.append(f"{migration.path}: {migration.unread}")
        _add_by_hand(migration, being)
        return
    parts = parts_of(migration.up)
    texts = forward(parts, migration.done, being.history)
    rollbacks = _rollbacks(migration, parts, being)
    title = " ".join(migration.name.replace("_", " ").replace("-", " ").split()) or migration.version
    for number, (text, (rollback, said)) in enumerate(zip(texts, rollbacks, strict=True)):
        of = f" ({number + 1} of {len(parts)})" if len(parts) > 1 else ""
        name = step_id(migration, being.taken)
        if said:
            being.comments[name, "rollback"] = said
        step = _made(
            name, f"{title[: 200 - len(of)]}{of}", SqlAction(sql=text.sql, transaction=text.transaction), rollback
        )
        being.steps.append(step.model_copy(update={"notes": migration.notes}))


def _add_by_hand(migration: Migration, being: _Being) -> None:
    tool = being.folder.tool
    how = being.folder.run_one.format(version=migration.version, spaced=migration.version.replace(".", " ", 1))
    told = f"Run {migration.path} with {tool}{f' (`{how}`)' if how else ''}, it alone: {migration.unread}."
    kept = NoRollback(reason=f"{tool} takes back what it ran")
    title = " ".join(migration.name.replace("_", " ").replace("-", " ").split()) or migration.version
    step = _made(step_id(migration, being.taken), title[:200], ManualAction(instructions=told), kept)
    verify = (f"SELECT {migration.recorded}",) if migration.recorded else ()
    being.steps.append(step.model_copy(update={"notes": migration.notes, "verify": verify}))


def _rollbacks(migration: Migration, parts: tuple[Script, ...], being: _Being) -> list[tuple[Rollback, str]]:
    """Of each part what undoes it, and what has to be said of that."""
    if migration.down is not None:
        return _downs(migration, parts, being)
    inverses = [proposed_inverse(part.sql) for part in parts]
    if any(each is None for each in inverses):
        why = f": {migration.down_unread}" if migration.down_unread else ""
        being.lost.append(f"{migration.version}{why}")
        return [_no_way_back(migration, being)] * len(parts)
    being.proposed.append(migration.version)
    proposed = tuple(
        Script(str(each), part.path, part.one_transaction) for each, part in zip(inverses, parts, strict=True)
    )
    lacks = (
        f"its way down cannot be run here ({migration.down_unread})" if migration.down_unread else "it has no way down"
    )
    said = f"Proposed here, because {lacks}. Read it."
    return [(each, said) for each in _backwards(proposed, migration, being)]


def _no_way_back(migration: Migration, being: _Being) -> tuple[Rollback, str]:
    if migration.down_unread:
        told = f"the way down of {migration.path} cannot be run here: {migration.down_unread}"
        return Irreversible(consequence=told), f"Take {migration.version} back with {being.folder.tool}."
    told = f"{migration.path} has no way down, and one of its statements has no inverse that is known"
    return Irreversible(consequence=told), f"{migration.path} has no way down: write one if you can."


def _downs(migration: Migration, parts: tuple[Script, ...], being: _Being) -> list[tuple[Rollback, str]]:
    """As many transactions back as forward undo them one by one; else the last step's rollback is all of it."""
    assert migration.down is not None
    downs = parts_of(migration.down)
    if len(downs) == len(parts):
        return [(each, "") for each in _backwards(tuple(reversed(downs)), migration, being)]
    last = _rollback(whole(joined(downs), migration.undone, being.history))
    with_last = NoRollback(reason="the rollback of this migration's last step undoes this one too: roll back to here")
    return [*((with_last, "") for _ in parts[1:]), (last, "")]


def _backwards(by_part: tuple[Script, ...], migration: Migration, being: _Being) -> list[Rollback]:
    """Each part's way back, in the order of the parts; the last part is the first that is rolled back."""
    texts = back(tuple(reversed(by_part)), migration.undone, being.history)
    return [_rollback(text) for text in reversed(texts)]


def _rollback(text: Sql) -> SqlRollback:
    return SqlRollback(sql=text.sql, transaction=text.transaction)
