"""Atlas: `<version>_<name>.sql` beside `atlas.sum`, with directives in the first comments; no way down."""

import base64
import hashlib
import re
from pathlib import Path

from zdtui.importing.files import bytes_of, files, literal, script, text_of
from zdtui.importing.locks import atlas, held
from zdtui.importing.migration import Folder, Migration, Row
from zdtui.importing.tool import Tool

NAME = re.compile(r"([0-9A-Za-z.]+?)(?:_(.+))?\.sql\Z")
DIRECTIVE = re.compile(r"^--[ \t]*atlas:([\w:-]+)(?:[ \t]+(.*?))?[ \t\r]*$", re.MULTILINE)
HISTORY = "atlas_schema_revisions.atlas_schema_revisions"


def recognizes(folder: Path) -> bool:
    """Whether its sum is there."""
    return (folder / "atlas.sum").is_file()


def read(folder: Path) -> Folder:
    """The migrations by the name of their file. Raises ImportingError."""
    found, others, summed = [], [], hashlib.sha256()
    for each in files(folder, "*.sql"):
        name = NAME.match(each.name)
        directives = dict(_directives(text_of(each)))
        if name is None or "checkpoint" in directives:
            others.append(f"{each.name} is a checkpoint or no migration of Atlas, and left out")
            continue
        summed.update(each.name.encode())
        if directives.get("sum") != "ignore":
            summed.update(bytes_of(each))
        found.append(_migration(each, name[1], name[2] or "", directives, _hash(summed), folder))
    clean = f"SELECT NOT EXISTS (SELECT FROM {HISTORY} WHERE applied < total)"
    return Folder(
        "atlas",
        tuple(found),
        tuple(others),
        clean=clean,
        lock=held(atlas()),
        run_one="atlas migrate apply 1",
    )


def _directives(text: str) -> list[tuple[str, str]]:
    """Those of the first comments, which an empty line ends."""
    head = re.match(r"(?:--[^\n]*(?:\n|\Z))*", text)
    return [(found[1], found[2] or "") for found in DIRECTIVE.finditer(head.group() if head else "")]


def _hash(summed: "hashlib._Hash") -> str:
    return base64.b64encode(summed.copy().digest()).decode()


def _migration(path: Path, version: str, name: str, directives: dict[str, str], digest: str, folder: Path) -> Migration:
    sql = text_of(path)
    unread = f"it sets `atlas:{_apart(directives)}`" if _apart(directives) else ""
    written = literal(version)
    return Migration(
        version=version,
        name=name,
        path=path.name,
        up=None
        if unread
        else script(sql, path, folder, one_transaction=directives.get("txmode") != "none", one_by_one=True),
        unread=unread,
        done=Row(
            _insert(version, name, digest, applied=1),
            before=_insert(version, name, digest, applied=0),
            after=f"UPDATE {HISTORY} SET applied = 1 WHERE version = {written}",
        ),
        undone=Row(f"DELETE FROM {HISTORY} WHERE version = {written}"),
        recorded=f"EXISTS (SELECT FROM {HISTORY} WHERE version = {written})",
    )


def _insert(version: str, name: str, digest: str, applied: int) -> str:
    return (
        f"INSERT INTO {HISTORY}"
        " (version, description, type, applied, total, executed_at, execution_time, hash, operator_version)"
        f" VALUES ({literal(version)}, {literal(name)}, 2, {applied}, 1, now(), 0, {literal(digest)}, 'zdtui')"
    )


def _apart(directives: dict[str, str]) -> str:
    return next((each for each in ("delimiter", "import", "txtar") if each in directives), "")


TOOL = Tool("atlas", recognizes, read)
