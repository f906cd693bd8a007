"""golang-migrate: `<number>_<name>.up.sql` and `.down.sql`; its history is one row: the version, and `dirty`."""

import re
from pathlib import Path

from zdtui.importing.files import files, script, text_of, why_unread
from zdtui.importing.migration import Folder, ImportingError, Migration, Script, Tool

NAME = re.compile(r"([0-9]+)_(.*)\.(down|up)\.sql\Z")
HISTORY = "public.schema_migrations"
MOST = 2**64
TABLE = f"CREATE TABLE IF NOT EXISTS {HISTORY} (version bigint NOT NULL PRIMARY KEY, dirty boolean NOT NULL);"


def recognizes(folder: Path) -> bool:
    """Whether a file is named in its way."""
    return any(NAME.match(each.name) for each in files(folder))


def read(folder: Path) -> Folder:
    """The migrations by number. Two of one number are an error for the tool as for us. Raises ImportingError."""
    ups: dict[int, Path] = {}
    downs: dict[int, Path] = {}
    others = []
    for each in files(folder):
        found = NAME.match(each.name)
        if found is None:
            others.append(f"{each.name} is no migration of golang-migrate")
            continue
        number, side = int(found[1]), ups if found[3] == "up" else downs
        if number in side or number >= MOST:
            raise ImportingError(f"{each.name}: the version {number} is there twice, or larger than the tool takes")
        side[number] = each
    versions = sorted(ups.keys() | downs.keys())
    before = dict(zip(versions[1:], versions, strict=False))
    migrations = tuple(
        _migration(number, ups.get(number), downs.get(number), before.get(number), folder) for number in versions
    )
    clean = f"SELECT NOT EXISTS (SELECT FROM {HISTORY} WHERE dirty)"
    return Folder("golang-migrate", migrations, tuple(others), table=TABLE, clean=clean)


def _migration(number: int, up: Path | None, down: Path | None, before: int | None, folder: Path) -> Migration:
    named = up or down
    assert named is not None
    found = NAME.match(named.name)
    assert found is not None
    sql = "" if up is None else text_of(up)
    unread = why_unread(sql)
    return Migration(
        version=str(number),
        name=found[2],
        path=named.name,
        up=None if unread else (script(sql, up, folder) if up is not None else Script("", named.name)),
        down=script(text_of(down), down, folder) if down is not None else None,
        unread=unread,
        done=_now_at(number),
        undone=f"DELETE FROM {HISTORY}" if before is None else _now_at(before),
    )


def _now_at(number: int) -> str:
    """One row, in one statement: that of before goes, the new one comes."""
    return (
        f"WITH gone AS (DELETE FROM {HISTORY} WHERE version <> {number})"
        f" INSERT INTO {HISTORY} (version, dirty) VALUES ({number}, false)"
        " ON CONFLICT (version) DO UPDATE SET dirty = false"
    )


TOOL = Tool("golang-migrate", recognizes, read)
