"""golang-migrate: `<number>_<name>.up.sql` and `.down.sql`; its history is one row: the version, and `dirty`."""

import re
from pathlib import Path

from zdtui.importing.files import files, script, text_of
from zdtui.importing.locks import golang_migrate, held
from zdtui.importing.migration import Folder, ImportingError, Migration, Row, Script
from zdtui.importing.tool import Tool

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
    return Folder(
        "golang-migrate",
        migrations,
        tuple(others),
        table=TABLE,
        clean=clean,
        lock_of=_lock_of,
        run_one="migrate up 1",
    )


def _lock_of(database: str) -> str:
    """Its program calls the database by the path of its address, with the slash; its library by the name alone."""
    return held(golang_migrate(f"/{database}"), golang_migrate(database))


def _migration(number: int, up: Path | None, down: Path | None, before: int | None, folder: Path) -> Migration:
    named = up or down
    assert named is not None
    found = NAME.match(named.name)
    assert found is not None
    sql = "" if up is None else text_of(up)
    return Migration(
        version=str(number),
        name=found[2],
        path=named.name,
        up=script(sql, up, folder) if up is not None else Script("", named.name),
        down=script(text_of(down), down, folder) if down is not None else None,
        done=Row(_now_at(number), before=_now_at(number, dirty=True)),
        undone=Row(f"DELETE FROM {HISTORY}")
        if before is None
        else Row(_now_at(before), before=_now_at(before, dirty=True)),
        recorded=f"EXISTS (SELECT FROM {HISTORY} WHERE version >= {number})",
    )


def _now_at(number: int, *, dirty: bool = False) -> str:
    """One row, in one statement: that of before goes, the new one comes."""
    return (
        f"WITH gone AS (DELETE FROM {HISTORY} WHERE version <> {number})"
        f" INSERT INTO {HISTORY} (version, dirty) VALUES ({number}, {str(dirty).lower()})"
        f" ON CONFLICT (version) DO UPDATE SET dirty = {str(dirty).lower()}"
    )


TOOL = Tool("golang-migrate", recognizes, read)
