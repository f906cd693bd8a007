"""Server SQL, one question a file, each runnable in psql as it stands ($1 ... are its parameters)."""

import re
from functools import cache
from importlib.resources import files

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
