"""Drizzle: files split by `--> statement-breakpoint`, listed by a journal or, since 1.0, a folder each; no way down."""

import hashlib
import json
import re
from datetime import UTC, datetime
from pathlib import Path

from zdtui.importing.files import bytes_of, folders, literal, script, text_of
from zdtui.importing.migration import Folder, ImportingError, Migration, Row
from zdtui.importing.tool import Tool

HISTORY = "drizzle.__drizzle_migrations"
BREAKPOINT = re.compile(r"[ \t]*--> statement-breakpoint[ \t\r]*(?=\n|\Z)")
FOLDER = re.compile(r"([0-9]{14})_(.+)\Z")
TABLE = (
    "CREATE SCHEMA IF NOT EXISTS drizzle;\n"
    f"CREATE TABLE IF NOT EXISTS {HISTORY} (id serial PRIMARY KEY, hash text NOT NULL, created_at bigint"
)


def recognizes(folder: Path) -> bool:
    """Whether its journal is there, or a folder with its snapshot."""
    return _journal(folder).is_file() or any((each / "snapshot.json").is_file() for each in folders(folder))


def read(folder: Path) -> Folder:
    """The migrations in the order of the journal, or of their folders. Raises ImportingError."""
    if _journal(folder).is_file():
        return Folder("drizzle", tuple(_listed(folder)), table=f"{TABLE});")
    found = []
    for each in folders(folder):
        name = FOLDER.match(each.name)
        if name is not None and (each / "migration.sql").is_file():
            at = datetime.strptime(name[1], "%Y%m%d%H%M%S").replace(tzinfo=UTC)
            found.append(
                _migration(each / "migration.sql", each.name, name[2], int(at.timestamp() * 1000), folder, named=True)
            )
    return Folder("drizzle", tuple(found), table=f"{TABLE}, name text, applied_at timestamptz DEFAULT now());")


def _journal(folder: Path) -> Path:
    return folder / "meta" / "_journal.json"


def _listed(folder: Path) -> list[Migration]:
    try:
        entries = json.loads(text_of(_journal(folder)))["entries"]
        listed = [(str(entry["tag"]), int(entry["when"])) for entry in sorted(entries, key=lambda entry: entry["idx"])]
    except (ValueError, KeyError, TypeError) as error:
        raise ImportingError(f"meta/_journal.json is not a journal of Drizzle: {error}") from None
    return [
        _migration(folder / f"{tag}.sql", tag, tag.partition("_")[2], when, folder, named=False) for tag, when in listed
    ]


def _migration(file: Path, tag: str, name: str, when: int, folder: Path, *, named: bool) -> Migration:
    sql, digest = text_of(file), hashlib.sha256(bytes_of(file)).hexdigest()
    where = f"hash = {literal(digest)} AND created_at = {when}"
    columns, values = ("hash, created_at", f"{literal(digest)}, {when}")
    if named:
        columns, values = f"{columns}, name", f"{values}, {literal(tag)}"
    return Migration(
        version=tag,
        name=name,
        path=file.relative_to(folder).as_posix(),
        up=script(BREAKPOINT.sub(_ended, sql), file, folder),
        done=Row(f"INSERT INTO {HISTORY} ({columns}) VALUES ({values})"),
        undone=Row(f"DELETE FROM {HISTORY} WHERE {where}"),
        recorded=f"EXISTS (SELECT FROM {HISTORY} WHERE {where})",
    )


def _ended(mark: re.Match[str]) -> str:
    """A breakpoint ends a statement: with a semicolon of its own where the author wrote none."""
    before = mark.string[: mark.start()].rstrip()
    return "" if not before or before.endswith(";") else ";"


TOOL = Tool("drizzle", recognizes, read)
