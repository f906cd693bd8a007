"""SQL lies in files of its own, beside the code that asks it."""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files


@cache
def sql_text(package: str, name: str) -> str:
    """The text of `name`.sql in a package; FileNotFoundError when there is none."""
    return files(package).joinpath(f"{name}.sql").read_text("utf-8")


PARAMETER = re.compile(r"\$(\d)(?=::)")
"""`$1::text[]`, and no `$1` of a comment: what is put there may hold line breaks."""


def with_literals(text: str, literals: Mapping[str, str]) -> str:
    """The text with SQL in place of its parameters, each by its number: for a message of several statements."""
    return PARAMETER.sub(lambda found: literals[found[1]], text)


def array_literal(texts: Iterable[str]) -> str:
    """A text[] as a literal."""
    array = ",".join('"' + each.replace("\\", "\\\\").replace('"', '\\"') + '"' for each in texts)
    return "'{" + array.replace("'", "''") + "}'"
