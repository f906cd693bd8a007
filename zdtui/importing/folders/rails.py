"""Rails: its migrations are Ruby; what is read is the SQL that it logged while it ran them, or its `structure.sql`."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from zdtui.importing.files import files, literal, text_of
from zdtui.importing.locks import held, rails
from zdtui.importing.migration import Folder, Migration, Row, Script
from zdtui.importing.tool import Tool

HISTORY = "schema_migrations"
TABLE = f"CREATE TABLE IF NOT EXISTS {HISTORY} (version varchar NOT NULL PRIMARY KEY);"
RUBY = re.compile(r"([0-9]+)_([_a-z0-9]*)(?:\.[_a-z0-9]*)?\.rb\Z")
COLORS = re.compile(r"\x1b\[[0-9;]*m")
MIGRATING = re.compile(r"^(?:[A-Z], \[[^\]]*\] +[A-Z]+ -- : ?)?Migrating to (\S+) \(([0-9]+)\)[ \t]*$")
LOGGED = re.compile(r"^(?:[A-Z], \[[^\]]*\] +[A-Z]+ -- : ?)? *(?:(\S[^()]*?) )?\(([0-9.]+)ms\)  (.*)$")
BINDS = re.compile(r"  \[(?:\[.*\]|nil)\][ \t]*\Z")
TAG = re.compile(r" ?/\*[^*]*\*/[ \t]*\Z")
APPLIED = re.compile(r"\s*INSERT INTO \"?schema_migrations\"? ", re.IGNORECASE)
TAKEN_BACK = re.compile(r"\s*DELETE FROM \"?schema_migrations\"? ", re.IGNORECASE)
VERSIONS = re.compile(
    r"INSERT INTO \"?schema_migrations\"? \(version\) VALUES\s*((?:\('[0-9]+'\)[,\s]*)+);", re.IGNORECASE
)
OF_PSQL = re.compile(r"^\\(?:un)?restrict [A-Za-z0-9]+[ \t]*$", re.MULTILINE)
ITS_OWN = re.compile(
    r"\s*(?:SELECT pg_(?:try_)?advisory"
    r"|CREATE TABLE (?:IF NOT EXISTS )?\"?(?:schema_migrations|ar_internal_metadata)\"?)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Logged:
    """What was logged of one migration in one direction."""

    name: str
    version: str
    statements: tuple[str, ...]
    """Those before what it says to its own history, with BEGIN and COMMIT where they were sent."""
    back: bool | None
    """None: nothing was said to its history, so that it did not end."""


def recognizes(folder: Path) -> bool:
    """Whether a log of its migrations is there, or its structure."""
    return any(_is_log(each) for each in files(folder, "*.log")) or _structure(folder) is not None


def read(folder: Path) -> Folder:
    """What was logged, by version; those in Ruby beside it that were not logged are named. Raises ImportingError."""
    logs = [each for each in files(folder, "*.log") if _is_log(each)]
    structure = _structure(folder)
    if not logs and structure is not None:
        return _folder((_of_structure(structure, folder),), ())
    runs = [run for each in logs for run in _runs(text_of(each)) if run.back is not None]
    ups = {run.version: run for run in runs if not run.back}
    downs = {run.version: run for run in runs if run.back}
    ruby = dict(_ruby(folder))
    versions = sorted(ups.keys() | ruby.keys(), key=int)
    migrations = tuple(_migration(each, ups.get(each), downs.get(each), ruby.get(each, "")) for each in versions)
    others = [f"{run.name} ({run.version}) was begun in the log and not ended" for run in _cut_off(logs)]
    return _folder(migrations, tuple(others))


def _folder(migrations: tuple[Migration, ...], others: tuple[str, ...]) -> Folder:
    return Folder(
        "rails",
        migrations,
        others,
        table=TABLE,
        lock_of=lambda database: held(rails(database)),
        run_one="bin/rails db:migrate:up VERSION={version}",
    )


def _is_log(path: Path) -> bool:
    return any(MIGRATING.match(line) for line in COLORS.sub("", text_of(path)).splitlines())


def _structure(folder: Path) -> Path | None:
    return next((path for path in files(folder, "structure.sql") if VERSIONS.search(text_of(path))), None)


def _ruby(folder: Path) -> Iterator[tuple[str, str]]:
    """Versions and names of the migrations beside the log, or in `migrate` below it."""
    for each in (*files(folder, "*.rb"), *files(folder, "migrate/*.rb"), *files(folder, "db/migrate/*.rb")):
        if (found := RUBY.match(each.name)) is not None:
            yield found[1], found[2]


def _cut_off(logs: list[Path]) -> list[_Logged]:
    return [run for each in logs for run in _runs(text_of(each)) if run.back is None and run.statements]


def _runs(text: str) -> Iterator[_Logged]:
    """Each migration that was run, in time."""
    begun: re.Match[str] | None = None
    logged: list[list[str]] = []
    for line in COLORS.sub("", text).splitlines():
        if (begins := MIGRATING.match(line)) is not None:
            if begun is not None:
                yield _run(begun, logged)
            begun, logged = begins, []
        elif (said := LOGGED.match(line)) is not None:
            logged.append([said[3]])
        elif logged and not line.lstrip().startswith("↳"):
            logged[-1].append(line)
    if begun is not None:
        yield _run(begun, logged)


def _run(begun: re.Match[str], logged: list[list[str]]) -> _Logged:
    """What is logged after the row of history belongs to nobody."""
    statements = [TAG.sub("", "\n".join(lines).rstrip()) for lines in logged]
    for place, each in enumerate(statements):
        if APPLIED.match(each) or TAKEN_BACK.match(each):
            kept = tuple(one for one in statements[:place] if not ITS_OWN.match(one))
            return _Logged(begun[1], begun[2], kept, TAKEN_BACK.match(each) is not None)
    return _Logged(begun[1], begun[2], tuple(statements), None)


def _migration(version: str, up: _Logged | None, down: _Logged | None, name: str) -> Migration:
    unread = "it is written in Ruby, and the log does not have it" if up is None else _why_unread(up)
    return Migration(
        version=version,
        name=name or (_words(up.name) if up is not None else ""),
        path=f"{version}_{name or (_words(up.name) if up is not None else '')}.rb",
        up=None if up is None or unread else _script(up),
        down=None if down is None or _why_unread(down) else _script(down),
        unread=unread,
        down_unread="" if down is None else _why_unread(down),
        done=Row(f"INSERT INTO {HISTORY} (version) VALUES ({literal(version)})"),
        undone=Row(f"DELETE FROM {HISTORY} WHERE version = {literal(version)}"),
        recorded=f"EXISTS (SELECT FROM {HISTORY} WHERE version = {literal(version)})",
    )


def _why_unread(run: _Logged) -> str:
    if any(BINDS.search(each) for each in run.statements):
        return "its log has values beside the SQL ($1), which are not put in here"
    return ""


def _script(run: _Logged) -> Script:
    """One by one: Rails sends each statement by itself; the transaction that is open ends after the row of history."""
    opened = sum(each.upper().startswith("BEGIN") for each in run.statements)
    closed = sum(each.upper().startswith("COMMIT") for each in run.statements)
    statements = [*run.statements, "COMMIT"] if opened > closed else [*run.statements]
    sql = "".join(f"{each.rstrip().removesuffix(';')};\n" for each in statements)
    return Script(sql, run.version, one_transaction=False, one_by_one=True)


def _words(name: str) -> str:
    """AddNameToUsers as add_name_to_users."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def _of_structure(path: Path, folder: Path) -> Migration:
    text = text_of(path)
    versions = sorted(set(re.findall(r"'([0-9]+)'", "".join(found[1] for found in VERSIONS.finditer(text)))), key=int)
    values = ", ".join(f"({literal(each)})" for each in versions)
    relative = path.relative_to(folder).as_posix()
    table = f"public.{HISTORY}"
    return Migration(
        version=versions[-1],
        name="structure",
        path=relative,
        up=Script(OF_PSQL.sub("", VERSIONS.sub("", text)), relative),
        notes="The whole schema, for a database in which there is nothing yet.",
        done=Row(f"INSERT INTO {table} (version) VALUES {values}"),
        undone=Row(f"DELETE FROM {table} WHERE version IN ({', '.join(map(literal, versions))})"),
    )


TOOL = Tool("rails", recognizes, read)
