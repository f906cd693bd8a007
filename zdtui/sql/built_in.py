"""PostgreSQL's own functions and how volatile each is: `pg_proc` of version 18, in built_in_functions.txt.

Of a name with several functions the most volatile counts. A test compares the list with a real server.
"""

from functools import cache
from importlib.resources import files

from zdtui.sql.text.name import Name

LIST = files("zdtui.sql") / "built_in_functions.txt"
"""A function a line, with its volatility."""
OPAQUE = frozenset({"query_to_xml", "query_to_xmlschema", "query_to_xml_and_xmlschema"})
"""Run SQL that they are given as a text."""


@cache
def built_in_functions() -> dict[str, str]:
    """'immutable', 'stable' or 'volatile' by name."""
    return dict(line.split(" ") for line in LIST.read_text(encoding="utf-8").splitlines())


def is_built_in(function: Name) -> bool:
    """Whether a call of this name is a call of PostgreSQL's own function, which touches no table of an application."""
    if function.schema not in (None, "pg_catalog"):
        return False
    return function.name in built_in_functions() and function.name not in OPAQUE
