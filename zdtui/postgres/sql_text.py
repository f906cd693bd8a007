"""SQL lies in files of its own, beside the code that asks it."""

from functools import cache
from importlib.resources import files


@cache
def sql_text(package: str, name: str) -> str:
    """The text of `name`.sql in a package; FileNotFoundError when there is none."""
    return files(package).joinpath(f"{name}.sql").read_text("utf-8")
