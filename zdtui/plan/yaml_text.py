"""One text as YAML writes it: plain where only that can be read, a block where it has lines, else in quotes. Pure."""

import json
import re

PLAIN = re.compile(r"[\w(/.][^\x00-\x1f\x7f-\x9f\u0085\u2028\u2029\ufeff]*\Z")
"""May stand without quotes, as far as its first character and its characters go."""
OTHER_TYPE = re.compile(
    r"[-+.]?[0-9][0-9_.:a-fox+-]*(?:[tz][0-9.:+-]*z?)?|[-+]?\.(?:inf|nan)|y|n|yes|no|on|off|true|false|null|~",
    re.IGNORECASE,
)
"""What some YAML reader takes for a number, a date, a truth value or nothing. An editor that holds a plan against its
schema would mark it."""
BLOCK_LINE = re.compile(r"[^\x00-\x08\x0a-\x1f\x7f-\x9f\u0085\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]*\Z")
"""A line of a block: every character stands for itself."""
WIDEST = 118
"""Columns a plain text may reach to before it gets a block of its own."""


def scalar(text: str) -> str:
    """On one line: plain where it means the same, else in double quotes."""
    return text if _is_plain(text) else quoted(text)


def quoted(text: str) -> str:
    """In double quotes; what cannot be seen is written by its number."""
    written = json.dumps(text, ensure_ascii=False)
    return "".join(each if each.isprintable() else _numbered(each) for each in written)


def _numbered(character: str) -> str:
    """As YAML names a character: four figures, or eight where it lies beyond them."""
    number = ord(character)
    return f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"


def block(text: str, indent: str) -> str | None:
    """`|` and the text's lines under it, each after `indent`; None where a block would not give the same text back."""
    lines = text.split("\n")
    if not text.strip() or not all(BLOCK_LINE.match(line) for line in lines) or text.endswith("\n\n"):
        return None
    kept, chomp = (lines[:-1], "") if text.endswith("\n") else (lines, "-")
    if not kept[-1].strip() or _has_blank_that_counts(kept):
        return None
    if kept[0].startswith((" ", "\t")) or not kept[0]:
        return None
    return "\n".join([f"|{chomp}", *(f"{indent}{line}" if line else "" for line in kept)])


def comment(text: str, indent: str) -> list[str]:
    """The text as lines of a comment."""
    return [f"{indent}# {line}".rstrip() for line in text.splitlines()]


def _has_blank_that_counts(lines: list[str]) -> bool:
    """Whether a line is blank and not empty: an editor would take its blanks away."""
    return any(line and not line.strip() for line in lines)


def _is_plain(text: str) -> bool:
    if not PLAIN.match(text) or OTHER_TYPE.fullmatch(text) or text != text.strip() or not text.isprintable():
        return False
    return ": " not in text and " #" not in text and not text.endswith(":") and not text.startswith("---")
