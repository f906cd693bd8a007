"""diesel: `<version>_<name>/` with `up.sql`, `down.sql` and `metadata.toml`; its history has a row a version."""

import tomllib
from pathlib import Path

from zdtui.importing.files import folders, literal, script, text_of
from zdtui.importing.migration import Folder, ImportingError, Migration, Row
from zdtui.importing.tool import Tool

HISTORY = "__diesel_schema_migrations"
TABLE = (
    f"CREATE TABLE IF NOT EXISTS {HISTORY}"
    " (version varchar(50) PRIMARY KEY NOT NULL, run_on timestamp NOT NULL DEFAULT current_timestamp);"
)


def recognizes(folder: Path) -> bool:
    """Whether a folder in it has an `up.sql`."""
    return any((each / "up.sql").is_file() for each in folders(folder))


def read(folder: Path) -> Folder:
    """The migrations by the text of their version. Raises ImportingError."""
    found, others = [], []
    for each in folders(folder):
        if (each / "up.sql").is_file():
            found.append(_migration(each, folder))
        else:
            others.append(f"{each.name} has no up.sql")
    return Folder(
        "diesel",
        tuple(sorted(found, key=lambda each: each.version)),
        tuple(others),
        table=TABLE,
        run_one="diesel migration run --number 1",
    )


def _migration(path: Path, folder: Path) -> Migration:
    before, _, name = path.name.partition("_")
    version = before.replace("-", "")
    one = _in_transaction(path / "metadata.toml")
    sql, down = text_of(path / "up.sql"), path / "down.sql"
    return Migration(
        version=version,
        name=name,
        path=path.name,
        up=script(sql, path / "up.sql", folder, one_transaction=one),
        down=script(text_of(down), down, folder, one_transaction=one) if down.is_file() else None,
        done=Row(f"INSERT INTO {HISTORY} (version) VALUES ({literal(version)})"),
        undone=Row(f"DELETE FROM {HISTORY} WHERE version = {literal(version)}"),
        recorded=f"EXISTS (SELECT FROM {HISTORY} WHERE version = {literal(version)})",
    )


def _in_transaction(metadata: Path) -> bool:
    """A metadata.toml that does not say means false: the tool's reader has it so."""
    if not metadata.is_file():
        return True
    try:
        return bool(tomllib.loads(text_of(metadata)).get("run_in_transaction", False))
    except tomllib.TOMLDecodeError as error:
        raise ImportingError(f"{metadata.parent.name}/metadata.toml is not TOML: {error}") from None


TOOL = Tool("diesel", recognizes, read)
