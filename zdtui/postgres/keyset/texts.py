"""The questions of this folder, one a file."""

from functools import cache
from importlib.resources import files

PACKAGE = "zdtui.postgres.keyset"


@cache
def sql(name: str) -> str:
    """The text of `name`.sql."""
    return files(PACKAGE).joinpath(f"{name}.sql").read_text("utf-8")
