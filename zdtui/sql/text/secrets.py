"""Passwords in texts: which a statement holds, and any text without them. Pure.

What a statement holds is told by our tokens, which follow the server's own rules: the string after PASSWORD, options of
a foreign server or user mapping, connection strings within strings, and all of that within a body. A text that is no
statement (an error that repeats a part of one, a plan, another session's query that the server cut off) is masked by
what it looks like: too much rather than too little.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from zdtui.sql.text.tokens import Token, TokenKind, tokens

MASK = "***"
"""Plain ASCII: a journal may be in a database whose encoding has little else."""
LEAST_ANYWHERE = 6
"""Characters of a secret that is struck out wherever it stands; a shorter one only where it is quoted."""
DEEPEST = 4
"""Bodies within bodies that are looked into."""
WORDS = r"password|passwd|passphrase|pgpass|secret|pwd|api_?key|access_?key|auth_?token|verifier"
LIKELY = re.compile(rf"{WORDS}|mapping|://|scram-sha|\bmd5[0-9a-f]", re.IGNORECASE)
"""A text without any of these holds nothing to strike out."""
HINTS = (
    *("password", "passwd", "passphrase", "pgpass", "secret", "pwd", "apikey", "api_key", "accesskey", "access_key"),
    *("authtoken", "auth_token", "verifier", "mapping", "://", "scram-sha", "md5"),
)
"""What is `LIKELY` holds one of these: they are looked for first, because it is asked of each of thousands of texts."""
LONGEST = 4096
"""Characters of a string that is looked through for its end; a longer one is struck out to the end of its line."""
GAP = r"(?:\s|/\*[^*]{0,200}\*/|--[^\n]{0,200}\n)*+"


def _string(tag: str) -> str:
    """A string as SQL writes it, the same with its quotes doubled in another string, or one that was cut off."""
    return rf"""
        [eE]'(?:[^'\\]|''|\\.){{0,{LONGEST}}}'
      | (?:[nN]|[uU]&)?''(?!')[^']{{1,{LONGEST}}}''
      | (?:[nN]|[uU]&)?'(?:[^']|''){{0,{LONGEST}}}'
      | \$(?P<{tag}>\w*)\$.{{0,{LONGEST}}}?\$(?P={tag})\$
      | (?:[eEnN]|[uU]&)?'[^\n]*"""


NAMED = re.compile(
    rf"""(?P<name>(?:{WORDS})\w*["`]?)(?P<gap>{GAP})
    (?: (?P<string>{_string("one")})
      | (?P<is>(?:=>|:=|=|:|\bTO\b){GAP})
        (?: (?P<given>{_string("other")})
          | (?P<quoted>"(?:[^"\\]|\\.){{0,{LONGEST}}}"?)
        )
      | (?P<equals>=\s*+)(?P<bare>(?!NULL\b|DEFAULT\b|\$[0-9])(?:\\.|[^\s'",;)&(])++(?!\())
    )""",
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)
ADDRESS = re.compile(
    r"(?P<before>postgres(?:ql)?://[^\s:/@'\"]{0,200}:)(?P<secret>[^\s'\"]{0,4096})(?=@)"
    r"|(?P<other>://[^\s:/@'\"]{0,200}:)[^\s'\"/]{0,4096}(?=@)"
)
VERIFIER = re.compile(r"SCRAM-SHA-256\$[0-9]+:[^\s'\"]+|\bmd5[0-9a-f]{32}\b")
CONNECTION = re.compile(r"(?:ssl)?password\s*=\s*(?:'((?:[^'\\]|\\.)*)'|((?:\\.|[^\s'\"])+))", re.IGNORECASE)
HARMLESS_OPTIONS = frozenset({"user", "username"})
"""Options of a user mapping that are no secret; every other one may be."""


def is_likely(text: str) -> bool:
    """Whether the text may hold a password."""
    if text.isascii():
        small = text.lower()
        for hint in HINTS:
            if hint in small:
                break
        else:
            return False
    return LIKELY.search(text) is not None


def masked(text: str) -> str:
    """The text with everything that looks like a password struck out."""
    if not is_likely(text):
        return text
    text = ADDRESS.sub(lambda found: (found["before"] or found["other"]) + MASK, text)
    return VERIFIER.sub(MASK, NAMED.sub(_struck, text))


def values_without_secrets(value: Any, mask: Callable[[str], str] = masked) -> Any:
    """The value, of lists, tuples and dictionaries, with passwords struck out of every text in it."""
    if isinstance(value, str):
        return mask(value)
    if isinstance(value, dict):
        return {key: values_without_secrets(each, mask) for key, each in value.items()}
    if isinstance(value, list):
        return [values_without_secrets(each, mask) for each in value]
    if isinstance(value, tuple):
        return tuple(values_without_secrets(each, mask) for each in value)
    return value


def _struck(found: re.Match[str]) -> str:
    start = found["name"] + found["gap"] + (found["is"] or found["equals"] or "")
    value = found["string"] or found["given"] or ""
    if found["bare"] is not None:
        return start + MASK
    if found["quoted"] is not None:
        return f'{start}"{MASK}"'
    quote = "''" if value.startswith("''") and len(value) > 2 and not value.startswith("'''") else "'"
    return f"{start}{quote}{MASK}{quote}"


def mask_for(texts: Iterable[str]) -> Callable[[str], str]:
    """`masked`, which also strikes out the secrets of these statements wherever they stand, as in a notice."""
    values = sorted({value for text in texts for value in secrets_in(text) if value}, key=len, reverse=True)
    if not values:
        return masked
    anywhere = [re.escape(value) for value in values if len(value) >= LEAST_ANYWHERE]
    quoted = [rf"(?<=')(?:{re.escape(value)})(?=')" for value in values if len(value) < LEAST_ANYWHERE]
    known = re.compile("|".join([*anywhere, *quoted]))
    return lambda text: known.sub(MASK, masked(text))


def secrets_in(sql: str) -> frozenset[str]:
    """The passwords that this SQL holds, as the server would read them and as they are written."""
    return frozenset(_secrets(sql, DEEPEST)) if is_likely(sql) else frozenset()


def _secrets(sql: str, deeper: int) -> Iterator[str]:
    found = list(tokens(sql))
    for before, token in zip([None, *found], found, strict=False):
        if token.kind is not TokenKind.STRING:
            continue
        if before is not None and _names_a_secret(before):
            yield from _both(token)
        inner = _inner(token)
        yield from (value for match in CONNECTION.finditer(inner) for value in match.groups() if value)
        yield from (match["secret"] for match in ADDRESS.finditer(inner) if match["secret"])
        if deeper and token.text.startswith("$"):
            yield from _secrets(inner, deeper - 1)
    yield from _of_user_mappings(found)


def _names_a_secret(token: Token) -> bool:
    if token.kind not in (TokenKind.WORD, TokenKind.QUOTED):
        return False
    return re.search(WORDS, token.text, re.IGNORECASE) is not None


def _of_user_mappings(found: list[Token]) -> Iterator[str]:
    """Every option's value after USER MAPPING ... OPTIONS but the user's name."""
    mapping = options = False
    for before, token in zip([None, *found], found, strict=False):
        if token.kind is TokenKind.SEMICOLON:
            mapping = options = False
        elif token.upper == "MAPPING" and before is not None and before.upper == "USER":
            mapping = True
        elif token.upper == "OPTIONS":
            options = mapping
        elif options and token.kind is TokenKind.STRING and before is not None and not _is_harmless(before):
            yield from _both(token)


def _is_harmless(option: Token) -> bool:
    return option.text.strip('"').lower() in HARMLESS_OPTIONS


def _both(token: Token) -> Iterator[str]:
    inner = _inner(token)
    yield inner
    yield inner.replace("'", "''")


def _inner(token: Token) -> str:
    """What a string holds."""
    text = token.text
    if text.startswith("$"):
        tag = text.index("$", 1) + 1
        return text[tag : len(text) - tag if token.closed else len(text)]
    inner = text[text.index("'") + 1 : -1 if token.closed else None].replace("''", "'")
    return re.sub(r"\\(.)", r"\1", inner) if text[0] in "eE" else inner
