"""dbmate: `<digits>*.sql` with `-- migrate:up` and `-- migrate:down` blocks; its history has the digits as text."""

import re
from pathlib import Path

from zdtui.importing.files import files, literal, script, sections, text_of
from zdtui.importing.migration import Folder, ImportingError, Migration, Row, Script
from zdtui.importing.tool import Tool

NAME = re.compile(r"([0-9]+)(.*)\.sql\Z")
MARK = re.compile(r"^--\s*migrate:(up|down)(?:[ \t]+(\S.*?))?[ \t\r]*(?:\n|\Z)", re.MULTILINE)
HISTORY = "public.schema_migrations"
TABLE = f"CREATE TABLE IF NOT EXISTS {HISTORY} (version varchar PRIMARY KEY);"


def recognizes(folder: Path) -> bool:
    """Whether a file with a number has a mark of its."""
    return any(NAME.match(each.name) and MARK.search(text_of(each)) for each in files(folder, "*.sql"))


def read(folder: Path) -> Folder:
    """The migrations by their digits as text, which is how the tool compares them. Raises ImportingError."""
    found, others = [], []
    for each in files(folder):
        name = NAME.match(each.name)
        if name is None:
            others.append(f"{each.name} is no migration of dbmate")
        else:
            found.append(_migration(each, name[1], name[2], folder))
    return Folder("dbmate", tuple(sorted(found, key=lambda each: each.version)), tuple(others), table=TABLE)


def _migration(path: Path, digits: str, rest: str, folder: Path) -> Migration:
    text = text_of(path)
    marks = list(MARK.finditer(text))
    if not marks or marks[0][1] != "up":
        raise ImportingError(f"{path.name}: dbmate needs a line `-- migrate:up` before the first statement")
    blocks = {
        side: [(body, mark[2] or "") for mark, body in sections(text, marks) if mark[1] == side]
        for side in ("up", "down")
    }
    return Migration(
        version=digits,
        name=rest.strip("_- "),
        path=path.name,
        up=_joined(blocks["up"], path, folder),
        down=_joined(list(reversed(blocks["down"])), path, folder) if blocks["down"] else None,
        done=Row(f"INSERT INTO {HISTORY} (version) VALUES ({literal(digits)})"),
        undone=Row(f"DELETE FROM {HISTORY} WHERE version = {literal(digits)}"),
        recorded=f"EXISTS (SELECT FROM {HISTORY} WHERE version = {literal(digits)})",
    )


def _joined(blocks: list[tuple[str, str]], path: Path, folder: Path) -> Script:
    """Several blocks of one side run one after another; one without a transaction takes all of them along."""
    one = all("transaction:false" not in options.replace(" ", "") for _, options in blocks)
    return script("".join(sql for sql, _ in blocks).strip("\n") + "\n", path, folder, one_transaction=one)


TOOL = Tool("dbmate", recognizes, read)
