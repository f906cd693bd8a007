"""Changing a statement's text by a word, with the author's own text around it left alone. Pure."""

from zdtui.sql.text.pieces import Source
from zdtui.sql.text.tokens import tokens


def with_words_after(text: str, after: tuple[str, ...], words: str) -> str:
    """The text with `words` put after the first place where these words (in capitals) stand next to each other."""
    found = list(tokens(text))
    for place in range(len(found) - len(after) + 1):
        if tuple(token.upper for token in found[place : place + len(after)]) == after:
            end = found[place + len(after) - 1].end
            return f"{text[:end]} {words}{text[end:]}"
    return text


def with_words_at_end(text: str, words: str) -> str:
    """The text with `words` after its last token: a comment that ends it stays a comment."""
    end = max((token.end for token in tokens(text)), default=len(text))
    return f"{text[:end]} {words}{text[end:]}"


def concurrently(text: str, command: str) -> str:
    """CREATE INDEX, DROP INDEX or REINDEX as a statement that lets others work, and that can be tried again."""
    verb, what = command.split(" ", 1)
    if verb == "REINDEX":
        return with_words_after(text, (what,), "CONCURRENTLY")
    again = "IF NOT EXISTS" if verb == "CREATE" else "IF EXISTS"
    said = {token.upper for token in tokens(text)}
    words = "CONCURRENTLY" if "EXISTS" in said or not _is_named(text) else f"CONCURRENTLY {again}"
    return with_words_after(text, ("INDEX",), words)


def _is_named(text: str) -> bool:
    """Whether the index has a name: IF NOT EXISTS needs one."""
    words = [token.upper for token in tokens(text)]
    at = words.index("INDEX") if "INDEX" in words else len(words)
    return at + 1 < len(words) and words[at + 1] != "ON"


def actions_of(text: str) -> list[str]:
    """The actions of an ALTER TABLE as they are written, in order; the first with the words before it."""
    source = Source(text)
    return [source.cut(first, end) or "" for first, end in source.parts]


def with_action(text: str, place: int, new: str) -> str:
    """The ALTER TABLE with one of its actions (as `actions_of` counts and cuts them) written otherwise."""
    source = Source(text)
    first, end = source.parts[place]
    start, stop = source.tokens[first].start, source.tokens[end - 1].end
    return f"{text[:start]}{new}{text[stop:]}"


def named_constraint(action: str, name: str) -> str:
    """ADD CHECK (...) as ADD CONSTRAINT name CHECK (...)."""
    return with_words_after(action, ("ADD",), f"CONSTRAINT {name}")


def by_an_index(action: str, name: str, table: str) -> tuple[str, str] | None:
    """ADD ... UNIQUE (a, b) as the index that is built before, and the action that makes a constraint of it.

    `name` is the constraint's, to be written as it is. None for what cannot be made so: an index of a tablespace or
    with parameters of its own, and WITHOUT OVERLAPS.
    """
    source = Source(action)
    words = [token.upper for token in source.tokens]
    key = next((place for place, word in enumerate(words) if word in ("UNIQUE", "PRIMARY")), None)
    opening = next((place for place, token in enumerate(source.tokens) if token.text == "("), None)
    if key is None or opening is None or key > opening or {"OVERLAPS", "USING", "WITH"} & set(words[key:]):
        return None
    closing = source.closing(opening)
    more = closing + 1
    if words[more : more + 1] == ["INCLUDE"]:
        more = source.closing(more + 1) + 1
    kind = "PRIMARY KEY" if words[key] == "PRIMARY" else "UNIQUE"
    alike = source.cut(key + (2 if kind == "PRIMARY KEY" else 1), opening)
    columns = " ".join(part for part in (source.cut(opening, more), alike) if part)
    head, rest = action[: source.tokens[key].start], source.cut(more, len(words))
    if "CONSTRAINT" not in words[:key]:
        head = f"{head}CONSTRAINT {name} "
    constraint = " ".join(part for part in (f"{head}{kind} USING INDEX {name}", rest) if part)
    return f"CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS {name} ON {table} {columns}", constraint
