"""Server SQL, one question a file, each runnable in psql as it stands ($1 ... are its parameters)."""

import re
from functools import cache
from importlib.resources import files

from zdtui.sql.text.quote import quote_identifier

SUFFIX = re.compile(r"_from_(\d+)\.sql$")


@cache
def query(name: str, server_version: int = 0) -> str:
    """The text of `name`.sql, or of the newest `name`_from_MAJOR.sql that the server's version number allows.

    Raises FileNotFoundError when there is no such question.
    """
    major = server_version // 10000
    folder = files(__name__)
    newer = [
        int(found.group(1))
        for entry in folder.iterdir()
        if entry.name.startswith(f"{name}_from_") and (found := SUFFIX.search(entry.name))
    ]
    fitting = [version for version in newer if version <= major]
    file = f"{name}_from_{max(fitting)}.sql" if fitting else f"{name}.sql"
    return folder.joinpath(file).read_text("utf-8")


def query_in(name: str, schema: str, server_version: int = 0) -> str:
    """The same for a question that asks functions of a managed service, where these are in another schema."""
    text = query(name, server_version)
    return text if schema == "pg_catalog" else text.replace("pg_catalog.aurora_", f"{quote_identifier(schema)}.aurora_")
