"""sqitch: `sqitch.plan` with deploy, revert and verify scripts; its registry knows a change by a digest."""

import hashlib
import re
from dataclasses import dataclass, field
from pathlib import Path

from zdtui.importing.files import bytes_of, literal, script, text_of
from zdtui.importing.locks import SQITCH, held
from zdtui.importing.migration import Folder, ImportingError, Migration, Row
from zdtui.importing.tool import Tool

LINE = re.compile(
    r"(?P<name>[^\s@#:\[]\S*?)(?:\s+\[(?P<deps>[^\]]*)\])?\s+(?P<date>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)"
    r"\s+(?P<planner>.+?)\s+<(?P<mail>[^>]*)>(?:\s*#\s?(?P<note>.*))?\s*\Z"
)
PRAGMA = re.compile(r"%([\w-]+)\s*=\s*(.*?)\s*\Z")


@dataclass(frozen=True, slots=True)
class _Change:
    """A line of the plan."""

    name: str
    requires: tuple[str, ...]
    conflicts: tuple[str, ...]
    date: str
    planner: str
    mail: str
    note: str


@dataclass
class _Plan:
    """The project, and the digests of the changes so far."""

    project: str
    uri: str
    parent: str = ""
    ids: dict[str, str] = field(default_factory=dict)


def recognizes(folder: Path) -> bool:
    """Whether its plan is there."""
    return (folder / "sqitch.plan").is_file()


def read(folder: Path) -> Folder:
    """The changes in the order of the plan. Raises ImportingError."""
    pragmas, changes, others = _lines(text_of(folder / "sqitch.plan"))
    if "project" not in pragmas:
        raise ImportingError("sqitch.plan names no %project")
    plan = _Plan(pragmas["project"], pragmas.get("uri", ""))
    found = tuple(_migration(change, plan, folder) for change in changes)
    known = f"SELECT EXISTS (SELECT FROM sqitch.projects WHERE project = {literal(plan.project)})"
    return Folder(
        "sqitch", found, tuple(others), clean=known, lock=held(SQITCH), run_one="sqitch deploy --to {version}"
    )


def _lines(text: str) -> tuple[dict[str, str], list[_Change], list[str]]:
    pragmas: dict[str, str] = {}
    changes, others, seen = [], [], set()
    for line in (each.strip() for each in text.splitlines()):
        if not line or line.startswith("#"):
            continue
        if (pragma := PRAGMA.match(line)) is not None:
            pragmas[pragma[1]] = pragma[2]
        elif line.startswith("@"):
            others.append(f"the tag {line.split()[0]} is not kept: `sqitch tag` sets it again")
        elif (found := LINE.match(line.lstrip("+ "))) is None or line.startswith("-"):
            raise ImportingError(f"sqitch.plan: `{line[:60]}` is no change that can be read")
        else:
            change = _change(found)
            if change.name in seen:
                raise ImportingError(f"sqitch.plan: {change.name} was reworked; deploy it with sqitch itself")
            seen.add(change.name)
            changes.append(change)
    return pragmas, changes, others


def _change(found: re.Match[str]) -> _Change:
    needs = (found["deps"] or "").split()
    return _Change(
        name=found["name"],
        requires=tuple(need.lstrip(":") for need in needs if not need.startswith("!")),
        conflicts=tuple(need.lstrip("!:") for need in needs if need.startswith("!")),
        date=found["date"],
        planner=found["planner"],
        mail=found["mail"],
        note=(found["note"] or "").strip(),
    )


def _migration(change: _Change, plan: _Plan, folder: Path) -> Migration:
    deploy = folder / "deploy" / f"{change.name}.sql"
    revert, verify = (folder / side / f"{change.name}.sql" for side in ("revert", "verify"))
    sql, digest = text_of(deploy), _digest("change", _info(change, plan))
    unread = _why_apart(change)
    plan.parent, plan.ids[change.name] = digest, digest
    done = ";\n".join(_rows(change, plan, digest, hashlib.sha1(bytes_of(deploy), usedforsecurity=False).hexdigest()))
    return Migration(
        version=change.name,
        name=change.name.replace("/", "-"),
        path=deploy.relative_to(folder).as_posix(),
        up=None if unread else script(sql, deploy, folder),
        down=script(text_of(revert), revert, folder) if revert.is_file() else None,
        unread=unread,
        notes=f"sqitch verifies it with {verify.relative_to(folder).as_posix()}" if verify.is_file() else "",
        done=Row(done),
        undone=Row(
            f"{_event(change, plan, digest, 'revert')};\nDELETE FROM sqitch.changes WHERE change_id = {literal(digest)}"
        ),
        recorded=f"EXISTS (SELECT FROM sqitch.changes WHERE change_id = {literal(digest)})",
    )


def _why_apart(change: _Change) -> str:
    apart = [need for need in (*change.requires, *change.conflicts) if ":" in need or "@" in need]
    return f"it depends on {apart[0]}, which is not in this plan" if apart else ""


def _info(change: _Change, plan: _Plan) -> str:
    """What sqitch makes a change's digest of."""
    lines = [f"project {plan.project}"]
    lines += [f"uri {plan.uri}"] if plan.uri else []
    lines += [f"change {change.name}"]
    lines += [f"parent {plan.parent}"] if plan.parent else []
    lines += [f"planner {change.planner} <{change.mail}>", f"date {change.date}"]
    lines += ["requires", *(f"  + {need}" for need in change.requires)] if change.requires else []
    lines += ["conflicts", *(f"  - {need}" for need in change.conflicts)] if change.conflicts else []
    lines += ["", change.note] if change.note else []
    return "\n".join(lines)


def _digest(kind: str, info: str) -> str:
    data = info.encode()
    return hashlib.sha1(f"{kind} {len(data)}\0".encode() + data, usedforsecurity=False).hexdigest()


def _rows(change: _Change, plan: _Plan, digest: str, script_hash: str) -> list[str]:
    planned = f"timestamptz {literal(change.date)}"
    values = (
        *map(literal, (digest, script_hash, change.name, plan.project, change.note)),
        *("current_user", "current_user || '@zdtui'", planned, literal(change.planner), literal(change.mail)),
    )
    rows = [
        "INSERT INTO sqitch.changes (change_id, script_hash, change, project, note, committer_name, committer_email,"
        f" planned_at, planner_name, planner_email) VALUES ({', '.join(values)})"
    ]
    for kind, needs in (("require", change.requires), ("conflict", change.conflicts)):
        for need in needs:
            known = literal(plan.ids[need]) if kind == "require" and need in plan.ids else "NULL"
            rows.append(
                "INSERT INTO sqitch.dependencies (change_id, type, dependency, dependency_id)"
                f" VALUES ({literal(digest)}, {literal(kind)}, {literal(need)}, {known})"
            )
    return [*rows, _event(change, plan, digest, "deploy")]


def _event(change: _Change, plan: _Plan, digest: str, event: str) -> str:
    values = (
        *map(literal, (event, digest, change.name, plan.project, change.note)),
        *(_array(change.requires), _array(change.conflicts), "current_user", "current_user || '@zdtui'"),
        *(f"timestamptz {literal(change.date)}", literal(change.planner), literal(change.mail)),
    )
    return (
        "INSERT INTO sqitch.events (event, change_id, change, project, note, requires, conflicts, committer_name,"
        f" committer_email, planned_at, planner_name, planner_email) VALUES ({', '.join(values)})"
    )


def _array(names: tuple[str, ...]) -> str:
    return f"ARRAY[{', '.join(map(literal, names))}]::text[]"


TOOL = Tool("sqitch", recognizes, read)
