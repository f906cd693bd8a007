"""Changing a statement's text by a word, with the author's own text around it left alone. Pure."""

from zdtui.sql.tokens import tokens


def with_words_after(text: str, after: tuple[str, ...], words: str) -> str:
    """The text with `words` put after the first place where these words (in capitals) stand next to each other."""
    found = list(tokens(text))
    for place in range(len(found) - len(after) + 1):
        if tuple(token.upper for token in found[place : place + len(after)]) == after:
            end = found[place + len(after) - 1].end
            return f"{text[:end]} {words}{text[end:]}"
    return text


def concurrently(text: str, command: str) -> str:
    """CREATE INDEX, DROP INDEX or REINDEX as a statement that lets others work, and that can be tried again."""
    verb = command.split(" ", 1)[0]
    if verb == "REINDEX":
        return with_words_after(text, tuple(command.split(" ")), "CONCURRENTLY")
    again = "IF NOT EXISTS" if verb == "CREATE" else "IF EXISTS"
    said = {token.upper for token in tokens(text)}
    words = "CONCURRENTLY" if "EXISTS" in said or not _is_named(text) else f"CONCURRENTLY {again}"
    return with_words_after(text, ("INDEX",), words)


def _is_named(text: str) -> bool:
    """Whether the index has a name: IF NOT EXISTS needs one."""
    words = [token.upper for token in tokens(text)]
    at = words.index("INDEX") if "INDEX" in words else len(words)
    return at + 1 < len(words) and words[at + 1] != "ON"


def not_valid(text: str) -> str:
    """ADD CONSTRAINT as one that proves nothing yet."""
    return f"{text.rstrip()} NOT VALID"
