"""Sentences of ours in which names stand, taken apart: ‹1› stands for a name, and the names are values beside it.

A check tells what a statement does in words that hold the names of tables, columns and types. Whoever made those names
may have written instructions into them. So no name but a single plain word stays in a sentence, and a sentence in which
a run of words is the same as in what was given is not told at all. Pure.
"""

import dataclasses
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from zdtui.sql.text.keywords import KEYWORDS
from zdtui.sql.text.quote import quote_identifier
from zdtui.sql.text.tokens import TokenKind, tokens

PLAIN_WORD = re.compile(r"[a-z][a-z0-9]{0,19}")
"""A name that is no more than a word says nothing to anybody."""
SPAN = re.compile(r"`[^`]+`|\"(?:[^\"]|\"\")+\"|'(?:[^']|'')+'")
INSIDE = re.compile(r'"((?:[^"]|"")+)"')
PLACE = re.compile(r"‹\d+›")
WORD = re.compile(r"[^\W_]+")
RUN = 4
"""So many words in a row that are in what was given too, and are not all of SQL, are somebody else's."""
LIKE_TEXT = 3
"""A name of so many words reads like a text."""


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence with ‹1›, ‹2› in the place of names, and the names."""

    sentence: str
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Given:
    """What others wrote: texts, and the names in them or in a catalog."""

    names: frozenset[str]
    runs: frozenset[tuple[str, ...]]

    @classmethod
    def of(cls, sql: Iterable[str] = (), prose: Iterable[str] = (), things: Iterable[Any] = ()) -> "Given":
        """From texts in SQL, texts in words, and things that hold names: schemas, operations, effects."""
        statements = list(sql)
        names = {name for text in statements for name in _names_in(text)}
        names |= {each for thing in things for each in strings(thing)}
        many = frozenset(each for each in names if not PLAIN_WORD.fullmatch(each) and not _of_sql(each))
        runs = {run for text in (*statements, *prose, *many) for run in _runs(text)}
        return cls(many, frozenset(runs))

    def among(self, sentences: Iterable[str]) -> "Given":
        """The same, with those names alone that stand in one of the sentences."""
        text = "\n".join(sentences)
        return Given(frozenset(each for each in self.names if each in text), self.runs)

    def apart(self, sentence: str) -> Told | None:
        """The sentence without names; None where it says what was given in words."""
        found: list[str] = []

        def placed(name: str) -> str:
            if name not in found:
                found.append(name)
            return f"‹{found.index(name) + 1}›"

        if self.names:
            written = sorted({form for name in self.names for form in (name, quote_identifier(name))}, key=len)
            any_of_them = re.compile("|".join(rf"(?<![\w$]){re.escape(each)}(?![\w$])" for each in reversed(written)))
            sentence = any_of_them.sub(lambda match: placed(match[0]), sentence)
        sentence = SPAN.sub(lambda match: _span(match[0], placed), sentence)
        if any(run in self.runs for run in _runs(PLACE.sub(" . ", sentence))):
            return None
        return Told(sentence, tuple(found))


def _span(quoted: str, placed: Callable[[str], str]) -> str:
    inner = quoted[1:-1]
    if PLACE.fullmatch(inner) or PLAIN_WORD.fullmatch(inner):
        return quoted
    return placed(inner)


def _runs(text: str) -> Iterator[tuple[str, ...]]:
    """Each run of words that is not of SQL alone."""
    for part in text.split(" . "):
        words = [each.lower() for each in WORD.findall(part)]
        for start in range(len(words) - RUN + 1):
            run = tuple(words[start : start + RUN])
            if not all(each in KEYWORDS or each.isdigit() for each in run):
                yield run


def _names_in(text: str) -> Iterator[str]:
    """Identifiers in quotes, and words that are more than a plain one; strings are for `runs` to find."""
    for token in tokens(text):
        if token.kind is TokenKind.QUOTED:
            yield token.text[token.text.index('"') + 1 : -1 if token.closed else None].replace('""', '"')
        elif token.kind is TokenKind.WORD and not PLAIN_WORD.fullmatch(token.text):
            yield token.text


def _of_sql(text: str) -> bool:
    """Whether it is nothing but words of SQL and numbers: 'timestamp with time zone', 'ALTER TABLE'."""
    words = WORD.findall(text)
    return all(each.lower() in KEYWORDS or each.isdigit() for each in words) and '"' not in text


def strings(thing: Any) -> Iterator[str]:
    """Every text in it at any depth: names as they are, and identifiers in quotes within other texts."""
    if isinstance(thing, str):
        yield thing
        yield from (found.replace('""', '"') for found in INSIDE.findall(thing))
    else:
        yield from (text for each in _parts(thing) for text in strings(each))


def _parts(thing: Any) -> Iterable[Any]:
    """What it is made of; nothing for what holds no text."""
    if isinstance(thing, Mapping):
        return [part for pair in thing.items() for part in pair]
    if isinstance(thing, BaseModel):
        return [getattr(thing, name) for name in type(thing).model_fields]
    if isinstance(thing, Iterable) and not isinstance(thing, bytes):
        return thing
    if dataclasses.is_dataclass(thing) and not isinstance(thing, type):
        return [getattr(thing, each.name) for each in dataclasses.fields(thing)]
    return ()


def reads_like_text(name: str) -> bool:
    """Whether a name is of so many words that it says something."""
    return len(WORD.findall(name)) >= LIKE_TEXT and bool(re.search(r"\s", name))


def names_like_text(sql: str) -> frozenset[str]:
    """The names in this SQL that read like a text."""
    return frozenset(each for each in _names_in(sql) if reads_like_text(each))
