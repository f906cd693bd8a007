"""Operators by their schema: in a statement that runs by the author's path, `=` could be somebody else's. Pure."""

EQUAL = "OPERATOR(pg_catalog.=)"
