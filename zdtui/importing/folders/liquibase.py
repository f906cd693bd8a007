"""Liquibase's formatted SQL: changesets in files that begin with `-- liquibase formatted sql`."""

import re
import shlex
from pathlib import Path

from zdtui.importing.files import files, literal, script, sections, text_of
from zdtui.importing.migration import Folder, ImportingError, Migration, Row, Script
from zdtui.importing.tool import Tool

HEAD = re.compile(r"\s*--\s*liquibase\s*formatted", re.IGNORECASE)
CHANGESET = re.compile(r"^\s*--\s*changeset\s+(.+?)\s*$", re.MULTILINE | re.IGNORECASE)
ROLLBACK = re.compile(r"^\s*--\s*rollback\s?(.*)$", re.MULTILINE | re.IGNORECASE)
ROLLBACK_BLOCK = re.compile(r"/\*\s*liquibase\s+rollback\s*\n(.*?)\*/", re.DOTALL | re.IGNORECASE)
MARK = re.compile(
    r"^\s*--\s*(preconditions?|precondition-[\w-]+|property|ignoreLines|validCheckSum|comment)\b.*$",
    re.MULTILINE | re.IGNORECASE,
)
AUTHOR = re.compile(r"(\"[^\"]+\"|[^:\s]+):(\"[^\"]+\"|\S+)(.*)\Z")
HISTORY = "databasechangelog"
TABLE = f"""CREATE TABLE IF NOT EXISTS {HISTORY} (
  id varchar(255) NOT NULL,
  author varchar(255) NOT NULL,
  filename varchar(255) NOT NULL,
  dateexecuted timestamp NOT NULL,
  orderexecuted int NOT NULL,
  exectype varchar(10) NOT NULL,
  md5sum varchar(35),
  description varchar(255),
  comments varchar(255),
  tag varchar(255),
  liquibase varchar(20),
  contexts varchar(255),
  labels varchar(255),
  deployment_id varchar(10)
);
CREATE TABLE IF NOT EXISTS databasechangeloglock (
  id int PRIMARY KEY, locked boolean NOT NULL, lockgranted timestamp, lockedby varchar(255)
);
INSERT INTO databasechangeloglock (id, locked) VALUES (1, false) ON CONFLICT DO NOTHING;"""


def recognizes(folder: Path) -> bool:
    """Whether a file begins in its way."""
    return any(HEAD.match(text_of(each)) for each in files(folder, "*.sql", below=True))


def read(folder: Path) -> Folder:
    """The changesets in the order of their files by name, and in each as they stand. Raises ImportingError."""
    found, others = [], []
    for each in files(folder, below=True):
        relative = each.relative_to(folder).as_posix()
        if each.suffix == ".sql" and HEAD.match(text_of(each)):
            found += _changesets(each, folder)
        elif each.suffix in (".xml", ".yaml", ".yml", ".json"):
            others.append(f"{relative} is a changelog that is not SQL: let `liquibase update-sql` write it out")
        else:
            others.append(f"{relative} is not formatted SQL of Liquibase")
    clean = "SELECT NOT EXISTS (SELECT FROM databasechangeloglock WHERE locked)"
    return Folder(
        "liquibase",
        tuple(found),
        tuple(others),
        clean=clean,
        table=TABLE,
        lock="SELECT locked FROM databasechangeloglock WHERE id = 1 FOR UPDATE",
        run_one="liquibase update-count --count=1",
    )


def _changesets(path: Path, folder: Path) -> list[Migration]:
    text = text_of(path)
    return [_migration(mark[1], body, path, folder) for mark, body in sections(text, CHANGESET.finditer(text))]


def _migration(said: str, body: str, path: Path, folder: Path) -> Migration:
    found = AUTHOR.match(said)
    if found is None:
        raise ImportingError(f"{path.name}: `{said[:60]}` is no changeset; write it as author:id")
    author, name = (part.strip('"') for part in (found[1], found[2]))
    options = dict(part.split(":", 1) for part in shlex.split(found[3]) if ":" in part)
    relative = path.relative_to(folder).as_posix()
    filename = options.get("logicalFilePath", relative)
    unread = _why_unread(options, body)
    where = f"id = {literal(name)} AND author = {literal(author)} AND filename = {literal(filename)}"
    one = options.get("runInTransaction", "true").lower() != "false"
    return Migration(
        version=f"{author}:{name}",
        name=name,
        path=relative,
        up=None if unread else script(_action(body), path, folder, one_transaction=one, one_by_one=True),
        down=_rollback(body, relative, one),
        unread=unread,
        done=Row(
            f"INSERT INTO {HISTORY}"
            " (id, author, filename, dateexecuted, orderexecuted, exectype, description, liquibase)"
            f" SELECT {literal(name)}, {literal(author)}, {literal(filename)}, now(),"
            f" coalesce(max(orderexecuted), 0) + 1, 'EXECUTED', 'sql', 'zdtui' FROM {HISTORY}"
        ),
        undone=Row(f"DELETE FROM {HISTORY} WHERE {where}"),
        recorded=f"EXISTS (SELECT FROM {HISTORY} WHERE {where})",
    )


def _why_unread(options: dict[str, str], body: str) -> str:
    if MARK.search(body) and (mark := MARK.search(body)) and mark[1].lower() != "comment":
        return f"it has `--{mark[1]}`, which only Liquibase judges"
    if options.get("runOnChange", "false") == "true" or options.get("runAlways", "false") == "true":
        return "it is run again and again (runOnChange or runAlways)"
    if "dbms" in options and "postgresql" not in options["dbms"]:
        return f"it is for {options['dbms']}"
    if options.get("endDelimiter", ";") not in (";", "\\n"):
        return f"its statements end with `{options['endDelimiter']}`"
    return ""


def _action(body: str) -> str:
    return ROLLBACK.sub("", ROLLBACK_BLOCK.sub("", body)).strip("\n") + "\n"


def _rollback(body: str, relative: str, one: bool) -> Script | None:
    lines = [found[1] for found in ROLLBACK.finditer(body)]
    blocks = [found[1] for found in ROLLBACK_BLOCK.finditer(body)]
    sql = "\n".join([*lines, *blocks]).strip()
    if not sql:
        return None
    if sql.lower() in ("empty", "not required"):
        return Script("", relative, one)
    return None if sql.lower().startswith("changesetid:") else Script(f"{sql}\n", relative, one, one_by_one=True)


TOOL = Tool("liquibase", recognizes, read)
