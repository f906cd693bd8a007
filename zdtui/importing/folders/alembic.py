"""Alembic: its migrations are Python; it writes them out as SQL itself (`upgrade --sql`), which is what is read."""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from zdtui.importing.files import files, literal, sections, text_of
from zdtui.importing.migration import Folder, ImportingError, Migration, Row, Script
from zdtui.importing.program import Program
from zdtui.importing.tool import Tool
from zdtui.sql.classify import is_transaction_control
from zdtui.sql.split import split

MARK = re.compile(r"^-- Running (upgrade|downgrade) (.*?) -> ?(.*?)[ \t\r]*$", re.MULTILINE)
HISTORY_LINE = re.compile(r"^(?P<downs>.*?) -> (?P<revision>\S+?)(?P<said>(?: \([a-z ]+\))*), (?P<message>.*)$")
MADE = re.compile(r"CREATE TABLE (\S+) \(\s*version_num ", re.IGNORECASE)
PLAIN_TABLE = "alembic_version"


@dataclass(frozen=True, slots=True)
class _Section:
    """What it wrote of one migration in one direction."""

    revision: str
    sql: str
    """In BEGIN and COMMIT where it is; without what it says to its own history."""
    rows: tuple[tuple[str, str], ...]
    """Versions that it takes away and puts in: ('', new), (old, ''), (old, new)."""


def recognizes(folder: Path) -> bool:
    """Whether a file of SQL is what it wrote."""
    return any(MARK.search(text_of(each)) for each in files(folder, "*.sql"))


def read(folder: Path) -> Folder:
    """What is in the files that it wrote, in their order. Raises ImportingError."""
    found = [(each, text_of(each)) for each in files(folder, "*.sql")]
    texts = [text for _, text in found if MARK.search(text)]
    others = [f"{each.name} is nothing that Alembic wrote" for each, text in found if not MARK.search(text)]
    ups = [one for text in texts for one in _sections(text, "upgrade")]
    downs = {one.revision: one for text in texts for one in _sections(text, "downgrade")}
    table = _table("".join(texts))
    migrations = tuple(_migration(up, downs.get(up.revision), table, "") for up in ups)
    return _folder(migrations, table, tuple(others))


def write_out(program: Program) -> Folder:
    """Let it write everything out. A migration that it cannot is named, and it goes on with the next one."""
    listed = program.ran("history")
    if not listed.well:
        raise ImportingError(f"alembic could not list its migrations: {listed.why}")
    lines = [found for line in listed.said.splitlines() if (found := HISTORY_LINE.match(line)) is not None]
    names = {found["revision"]: found["message"] for found in reversed(lines)}
    if not names:
        raise ImportingError("alembic has no migration here")
    ups, unread, text = _upgrades(program)
    downs: dict[str, _Section] = {}
    down_unread: dict[str, str] = {}
    for head in (found["revision"] for found in lines if "(head)" in found["said"]):
        _downgrades(program, head, downs, down_unread)
    table = _table(text)
    migrations = [
        _migration(up, downs.get(up.revision), table, names.get(up.revision, ""), down_unread.get(up.revision, ""))
        for up in ups
        if up.revision not in unread
    ]
    order = [up.revision for up in ups]
    order += [each for each in names if each not in order]
    named = {each.version: each for each in migrations}
    for revision in order:
        if revision not in named:
            why = unread.get(revision, "Alembic did not write it out, because one before it could not be")
            named[revision] = _by_hand(revision, names.get(revision, ""), why, table)
    return _folder(tuple(named[each] for each in order), table, ())


def _upgrades(program: Program) -> tuple[list[_Section], dict[str, str], str]:
    """What it wrote, the migrations that it could not write and why, and all of its text."""
    found: list[_Section] = []
    unread: dict[str, str] = {}
    texts = []
    since = "base"
    while True:
        ran = program.ran("upgrade", f"{since}:heads", "--sql")
        texts.append(ran.said)
        new = [each for each in _sections(ran.said, "upgrade") if all(each.revision != one.revision for one in found)]
        found += new
        if ran.well:
            return found, unread, "".join(texts)
        if not new:
            raise ImportingError(f"alembic could not write its migrations out as SQL: {ran.why}")
        since = new[-1].revision
        unread[since] = f"Alembic cannot write it as SQL ({ran.why})"


def _downgrades(program: Program, head: str, found: dict[str, _Section], unread: dict[str, str]) -> None:
    since = head
    while since not in ("", "base"):
        ran = program.ran("downgrade", f"{since}:base", "--sql")
        sections = _sections(ran.said, "downgrade")
        for each in sections:
            found.setdefault(each.revision, each)
        if ran.well or not sections:
            return
        last = sections[-1]
        unread[last.revision] = f"Alembic cannot write it as SQL ({ran.why})"
        found.pop(last.revision, None)
        marks = [mark for mark in MARK.finditer(ran.said) if mark[2] == last.revision]
        since = marks[-1][3].split(",")[0].strip() if marks else ""


def _sections(text: str, direction: str) -> list[_Section]:
    controls = [each for each in split(text) if is_transaction_control(each)]
    places = [each.offset for each in controls]
    found = []
    for mark, body in sections(text, MARK.finditer(text)):
        if mark[1] != direction:
            continue
        before = bisect_right(places, mark.start())
        inside = before > 0 and controls[before - 1].kind == "BEGIN"
        revision = mark[3] if direction == "upgrade" else mark[2]
        found.append(_section(revision, body, inside))
    return found


def _section(revision: str, body: str, inside: bool) -> _Section:
    """The body from its first statement to its last, in the transactions in which they are."""
    kept, rows, start = [], [], 0
    open_at_end, open_now = inside, inside
    for each in split(body):
        end = each.offset + len(each.text)
        text = body[start:end] + ";\n"
        start = end + 1
        if (row := _row(each.text)) is not None:
            rows.append(row)
            continue
        kept.append(text.lstrip("\n"))
        if is_transaction_control(each):
            open_now = each.kind == "BEGIN"
        else:
            open_at_end = open_now
    while kept and kept[-1].strip() in ("BEGIN;", "COMMIT;"):
        kept.pop()
    sql = "".join(kept)
    if not split(sql):
        return _Section(revision, "", tuple(rows))
    return _Section(revision, f"{'BEGIN;' if inside else ''}\n{sql}{'COMMIT;' if open_at_end else ''}\n", tuple(rows))


ROWS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], tuple[str, str]]], ...] = (
    (re.compile(r"INSERT INTO \S+ \(version_num\) VALUES \('([^']+)'\)"), lambda found: ("", found[1])),
    (
        re.compile(r"UPDATE \S+ SET version_num='([^']+)' WHERE \S+version_num = '([^']+)'"),
        lambda found: (found[2], found[1]),
    ),
    (re.compile(r"DELETE FROM \S+ WHERE \S+version_num = '([^']+)'"), lambda found: (found[1], "")),
)


def _row(statement: str) -> tuple[str, str] | None:
    """The version it takes away and the one it puts in, when it is said to the tool's history."""
    for pattern, made in ROWS:
        if (found := pattern.match(statement)) is not None:
            return made(found)
    return None


def _migration(up: _Section, down: _Section | None, table: str, message: str, down_unread: str = "") -> Migration:
    back = tuple((new, old) for old, new in reversed(up.rows))
    return Migration(
        version=up.revision,
        name=message,
        path=up.revision,
        up=Script(up.sql, up.revision, one_transaction=False, one_by_one=True),
        down=None if down is None else Script(down.sql, up.revision, one_transaction=False, one_by_one=True),
        down_unread=down_unread,
        done=Row(";\n".join(_written(up.rows, table))),
        undone=Row(";\n".join(_written(back, table))),
        recorded=_recorded(up.revision, table),
    )


def _by_hand(revision: str, message: str, why: str, table: str) -> Migration:
    return Migration(revision, message, revision, unread=why, recorded=_recorded(revision, table))


def _recorded(revision: str, table: str) -> str:
    return f"EXISTS (SELECT FROM {table} WHERE version_num = {literal(revision)})"


def _written(rows: tuple[tuple[str, str], ...], table: str) -> Iterator[str]:
    for old, new in rows:
        if not old:
            yield f"INSERT INTO {table} (version_num) VALUES ({literal(new)})"
        elif not new:
            yield f"DELETE FROM {table} WHERE version_num = {literal(old)}"
        else:
            yield f"UPDATE {table} SET version_num = {literal(new)} WHERE version_num = {literal(old)}"


def _table(text: str) -> str:
    found = MADE.search(text)
    return found[1] if found is not None else PLAIN_TABLE


def _folder(migrations: tuple[Migration, ...], table: str, others: tuple[str, ...]) -> Folder:
    made = f"CREATE TABLE IF NOT EXISTS {table} (version_num varchar(32) NOT NULL PRIMARY KEY);"
    doubled = [each.version for each in migrations if each.up is not None and "%%" in each.up.sql]
    said = (
        f"{', '.join(doubled[:5])}: Alembic wrote %% there; it doubles each % unless env.py says "
        'dialect_opts={"paramstyle": "named"}: look whether the migration has one',
    )
    return Folder(
        "alembic", migrations, (*others, *(said if doubled else ())), table=made, run_one="alembic upgrade {version}"
    )


TOOL = Tool("alembic", recognizes, read, write_out)
