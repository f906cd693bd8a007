"""sqlx: `<number>_<name>.sql`, or `.up.sql` and `.down.sql`; its history has a checksum of the file."""

import hashlib
import re
from pathlib import Path

from zdtui.importing.files import bytes_of, files, literal, script, text_of
from zdtui.importing.locks import held, sqlx
from zdtui.importing.migration import Folder, ImportingError, Migration, Row
from zdtui.importing.tool import Tool

NAME = re.compile(r"([0-9]+)_(.+?)(?:\.(up|down))?\.sql\Z")
NO_TRANSACTION = re.compile(r"\A-- no-transaction\b")
HISTORY = "_sqlx_migrations"
TABLE = f"""CREATE TABLE IF NOT EXISTS {HISTORY} (
  version bigint PRIMARY KEY,
  description text NOT NULL,
  installed_on timestamptz NOT NULL DEFAULT now(),
  success boolean NOT NULL,
  checksum bytea NOT NULL,
  execution_time bigint NOT NULL
);"""


def recognizes(folder: Path) -> bool:
    """Whether every SQL file is named in its way: nothing else tells."""
    found = files(folder, "*.sql")
    return bool(found) and all(NAME.match(each.name) for each in found)


def read(folder: Path) -> Folder:
    """The migrations by number. Raises ImportingError."""
    ups: dict[int, tuple[Path, str]] = {}
    downs: dict[int, Path] = {}
    others = []
    for each in files(folder):
        name = NAME.match(each.name)
        if name is None:
            others.append(f"{each.name} is no migration of sqlx")
        elif name[3] == "down":
            downs[int(name[1])] = each
        elif int(name[1]) in ups:
            raise ImportingError(f"{each.name}: the version {int(name[1])} is there twice")
        else:
            ups[int(name[1])] = (each, name[2])
    others += [
        f"{path.name} goes back over a migration that is not here"
        for number, path in downs.items()
        if number not in ups
    ]
    found = tuple(
        _migration(number, path, name, downs.get(number), folder) for number, (path, name) in sorted(ups.items())
    )
    return Folder(
        "sqlx",
        found,
        tuple(others),
        table=TABLE,
        clean=f"SELECT NOT EXISTS (SELECT FROM {HISTORY} WHERE NOT success)",
        lock_of=lambda database: held(sqlx(database)),
        run_one="sqlx migrate run --target-version {version}",
    )


def _migration(number: int, path: Path, name: str, down: Path | None, folder: Path) -> Migration:
    sql = text_of(path)
    digest = hashlib.sha384(bytes_of(path)).hexdigest()
    return Migration(
        version=str(number),
        name=name,
        path=path.name,
        up=script(sql, path, folder, one_transaction=not NO_TRANSACTION.match(sql)),
        down=None if down is None else script(text_of(down), down, folder),
        done=Row(
            f"INSERT INTO {HISTORY} (version, description, success, checksum, execution_time)"
            f" VALUES ({number}, {literal(name.replace('_', ' '))}, true, {literal(chr(92) + 'x' + digest)}, 0)"
        ),
        undone=Row(f"DELETE FROM {HISTORY} WHERE version = {number}"),
        recorded=f"EXISTS (SELECT FROM {HISTORY} WHERE version = {number})",
    )


TOOL = Tool("sqlx", recognizes, read)
