"""Whether a statement says what only a newer server knows. Pure; never raises."""

from functools import lru_cache

from zdtui.sql.text.pieces import Source


@lru_cache(maxsize=1024)
def newer_than(text: str, version: int) -> tuple[int, str] | None:
    """The first version that knows all of the statement, and what an older one does not know; None when this version
    knows it, or the server's own grammar is not installed, so that nobody can say."""
    try:
        from zdtui.sql.grammar.newer import needs
    except (ImportError, OSError):
        return None
    found = needs(Source(text))
    return None if found is None or found.version <= version else (found.version, found.what)
