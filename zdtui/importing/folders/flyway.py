"""Flyway: `V<version>__<name>.sql`, `U` to undo, `R` for repeatable ones; its history has ranks and checksums."""

import re
import zlib
from pathlib import Path

from zdtui.importing.files import bytes_of, files, literal, script, text_of
from zdtui.importing.locks import flyway, held
from zdtui.importing.migration import Folder, ImportingError, Migration, Row
from zdtui.importing.tool import Tool

NAME = re.compile(r"([VUBR])([0-9][0-9._]*)?__(.+)\.sql\Z")
PLACEHOLDER = re.compile(r"\$\{[^}\n]{1,200}\}")
HISTORY = "flyway_schema_history"
TABLE = f"""CREATE TABLE IF NOT EXISTS {HISTORY} (
  installed_rank int NOT NULL CONSTRAINT {HISTORY}_pk PRIMARY KEY,
  version varchar(50),
  description varchar(200) NOT NULL,
  type varchar(20) NOT NULL,
  script varchar(1000) NOT NULL,
  checksum int,
  installed_by varchar(100) NOT NULL,
  installed_on timestamp NOT NULL DEFAULT now(),
  execution_time int NOT NULL,
  success boolean NOT NULL
);
CREATE INDEX IF NOT EXISTS {HISTORY}_s_idx ON {HISTORY} (success);"""


def recognizes(folder: Path) -> bool:
    """Whether a file is named in its way."""
    return any(NAME.match(each.name) for each in files(folder, "*.sql", below=True))


def read(folder: Path) -> Folder:
    """Versions by their numbers, then the repeatable ones by name. Raises ImportingError."""
    versions: dict[tuple[int, ...], tuple[Path, str]] = {}
    undos: dict[tuple[int, ...], Path] = {}
    repeatable, others = [], []
    for each in files(folder, below=True):
        name = NAME.match(each.name)
        if name is None or (name[1] == "R") is (name[2] is not None):
            if not each.name.endswith(".sql.conf"):
                others.append(f"{each.relative_to(folder).as_posix()} is no migration of Flyway")
        elif name[1] == "R":
            repeatable.append((name[3], each))
        elif name[1] == "B":
            others.append(f"{each.name} is a baseline: it is for empty databases, and left out")
        else:
            number = _number(name[2])
            side = versions if name[1] == "V" else undos
            if number in side:
                raise ImportingError(f"{each.name}: the version {name[2]} is there twice")
            if name[1] == "V":
                versions[number] = (each, name[3])
            else:
                undos[number] = each
    found = [_migration(path, name, undos.get(number), folder) for number, (path, name) in sorted(versions.items())]
    found += [_migration(path, name, None, folder) for name, path in sorted(repeatable)]
    clean = f"SELECT NOT EXISTS (SELECT FROM {HISTORY} WHERE NOT success)"
    return Folder(
        "flyway",
        tuple(found),
        tuple(others),
        clean=clean,
        table=TABLE,
        lock=held(flyway(f'"public"."{HISTORY}"')),
        run_one="flyway migrate -target={version}",
    )


def _number(text: str) -> tuple[int, ...]:
    parts = [int(part) for part in re.split(r"[._]+", text) if part]
    while parts and parts[-1] == 0:
        parts.pop()
    return tuple(parts)


def _migration(path: Path, name: str, undo: Path | None, folder: Path) -> Migration:
    found = NAME.match(path.name)
    assert found is not None
    version = found[2].replace("_", ".") if found[2] else None
    sql, description = text_of(path), name.replace("_", " ")
    placeholder = None if _is_off("placeholderReplacement", path) else PLACEHOLDER.search(sql)
    unread = f"`{placeholder.group()}` is a placeholder that Flyway fills in" if placeholder else ""
    relative = path.relative_to(folder).as_posix()
    row = (
        "NULL" if version is None else literal(version),
        literal(description),
        "'SQL'",
        literal(relative),
        str(checksum(bytes_of(path))),
    )
    return Migration(
        version=version or path.name.removesuffix(".sql"),
        name=name,
        path=relative,
        up=None if unread else script(sql, path, folder, one_transaction=_in_transaction(path), one_by_one=True),
        down=None
        if undo is None
        else script(text_of(undo), undo, folder, one_transaction=_in_transaction(undo), one_by_one=True),
        unread=unread,
        done=Row(
            f"INSERT INTO {HISTORY} (installed_rank, version, description, type, script, checksum, installed_by,"
            f" execution_time, success) SELECT coalesce(max(installed_rank), 0) + 1, {', '.join(row)}, current_user, 0,"
            f" true FROM {HISTORY}"
        ),
        undone=Row(f"DELETE FROM {HISTORY} WHERE script = {literal(relative)}"),
        recorded=f"EXISTS (SELECT FROM {HISTORY} WHERE script = {literal(relative)})",
    )


def checksum(data: bytes) -> int:
    """Flyway's: CRC-32, as a signed number, over the lines without their ends, and without a byte order mark."""
    found = 0
    for line in data.removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n"):
        found = zlib.crc32(line, found)
    return found - 2**32 if found >= 2**31 else found


def _in_transaction(path: Path) -> bool:
    return not _is_off("executeInTransaction", path)


def _is_off(setting: str, path: Path) -> bool:
    """Whether the file of settings beside it switches that off."""
    settings = path.with_name(f"{path.name}.conf")
    if not settings.is_file():
        return False
    return re.search(rf"^\s*{setting}\s*=\s*false\s*$", text_of(settings), re.MULTILINE) is not None


TOOL = Tool("flyway", recognizes, read)
