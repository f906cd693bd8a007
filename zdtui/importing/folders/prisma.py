"""Prisma: `<timestamp>_<name>/migration.sql` beside `migration_lock.toml`; no way down; its history has a checksum."""

import hashlib
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from zdtui.importing.files import bytes_of, folders, literal, script, text_of
from zdtui.importing.locks import PRISMA, held
from zdtui.importing.migration import Folder, Migration, Row
from zdtui.importing.tool import Tool

HISTORY = "_prisma_migrations"
TABLE = f"""CREATE TABLE IF NOT EXISTS {HISTORY} (
  id varchar(36) PRIMARY KEY NOT NULL,
  checksum varchar(64) NOT NULL,
  finished_at timestamptz,
  migration_name varchar(255) NOT NULL,
  logs text,
  rolled_back_at timestamptz,
  started_at timestamptz NOT NULL DEFAULT now(),
  applied_steps_count integer NOT NULL DEFAULT 0
);"""


def recognizes(folder: Path) -> bool:
    """Whether its lock file is there."""
    return (folder / "migration_lock.toml").is_file()


def read(folder: Path) -> Folder:
    """The migrations by the name of their folder. Raises ImportingError."""
    found, others = [], []
    for each in folders(folder):
        if (each / "migration.sql").is_file():
            found.append(_migration(each, folder))
        else:
            others.append(f"{each.name} has no migration.sql")
    clean = f"SELECT NOT EXISTS (SELECT FROM {HISTORY} WHERE finished_at IS NULL AND rolled_back_at IS NULL)"
    return Folder("prisma", tuple(found), tuple(others), table=TABLE, clean=clean, lock=held(PRISMA))


def _migration(path: Path, folder: Path) -> Migration:
    file = path / "migration.sql"
    sql, digest = text_of(file), hashlib.sha256(bytes_of(file)).hexdigest()
    where = f"migration_name = {literal(path.name)}"
    row = (str(uuid5(NAMESPACE_URL, f"{path.name}/{digest}")), digest, path.name)
    return Migration(
        version=path.name,
        name=path.name.partition("_")[2],
        path=path.name,
        up=script(sql, file, folder),
        done=Row(
            f"INSERT INTO {HISTORY} (id, checksum, migration_name, started_at, finished_at, applied_steps_count)"
            f" VALUES ({', '.join(map(literal, row))}, now(), clock_timestamp(), 1)",
            before=f"INSERT INTO {HISTORY} (id, checksum, migration_name) VALUES ({', '.join(map(literal, row))})",
            after=f"UPDATE {HISTORY} SET finished_at = clock_timestamp(), applied_steps_count = 1 WHERE {where}",
        ),
        undone=Row(f"DELETE FROM {HISTORY} WHERE {where}"),
        recorded=f"EXISTS (SELECT FROM {HISTORY} WHERE {where} AND finished_at IS NOT NULL AND rolled_back_at IS NULL)",
    )


TOOL = Tool("prisma", recognizes, read)
