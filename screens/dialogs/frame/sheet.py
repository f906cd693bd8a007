"""What a dialog says and asks, as data: made from a snapshot by pure functions, drawn by `dialogs.frame.layout`."""

from dataclasses import dataclass
from enum import IntEnum
from typing import assert_never

from screens.look import Look


@dataclass(frozen=True, slots=True)
class Page:
    """A text that is read from end to end: the SQL, its undoing. Line breaks are kept."""

    name: str
    text: str


class Rank(IntEnum):
    """What a fact is worth to the answer. Where there is no room, the last rank goes first, each fact whole."""

    DECIDES = 0
    """What it takes and from whom, what cannot come back, what undoes it: it is always on the screen."""
    WEIGHS = 1
    """A hazard, what stands there already, what proves success."""
    HELPS = 2
    """How it is done, and what goes on beside it."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One labelled thing to know before answering. Folded to the width; whole, or left out and counted.

    A fact without a label goes on with the one before, and is left out with it.
    """

    label: str
    text: str
    look: Look = Look.PLAIN
    rank: Rank = Rank.WEIGHS
    short: str = ""
    """The same in fewer words, for where there is no room; it says where the rest is. Empty: there is none."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A key that answers, and what it does."""

    key: str
    words: str


@dataclass(frozen=True, slots=True)
class Choose:
    """One of a few keys answers. Enter may lead on to the next question, but never is the last answer."""

    question: str
    answers: tuple[Answer, ...]
    label: str = ""
    """What was chosen is shown back under this label while the next question is asked; empty: it is not."""


@dataclass(frozen=True, slots=True)
class TypeExactly:
    """The word is typed to the letter, then Enter."""

    word: str
    purpose: str


@dataclass(frozen=True, slots=True)
class Write:
    """A line of the operator's own words, not empty, then Enter."""

    question: str
    label: str = "words"
    """They are shown back under this label while the next question is asked."""


Ask = Choose | TypeExactly | Write


def last_question(word: str | None, purpose: str) -> TypeExactly | Choose:
    """The last question: the word that has to be typed, or y where none has to be."""
    return Choose("", (Answer("y", purpose),)) if word is None else TypeExactly(word, purpose)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A whole dialog at one moment."""

    title: str
    asks: tuple[Ask, ...]
    """Answered one after another; none: there is only something to read."""
    pages: tuple[Page, ...] = ()
    facts: tuple[Fact, ...] = ()
    production: bool = False
    obstacle: str | None = None
    """Why it cannot be answered at this moment; it goes away by itself, or Esc."""
    withdrawn: str | None = None
    """Why it cannot be answered any more."""
    leave: str = "not now"
    """What Esc does."""
    keys: tuple[Answer, ...] = ()
    """Further keys that work, for the footer."""


def shown_back(asks: tuple[Ask, ...], given: tuple[str, ...]) -> tuple[Fact, ...]:
    """The answers given so far, as facts beside the next question: nobody has to remember their own words."""
    back = (_shown_back(ask, answer) for ask, answer in zip(asks, given, strict=False))
    return tuple(fact for fact in back if fact is not None)


def _shown_back(ask: Ask, answer: str) -> Fact | None:
    match ask:
        case Write(label=label):
            return Fact(label, answer, Look.STRONG, Rank.DECIDES)
        case Choose(answers=answers, label=label):
            words = next((each.words for each in answers if each.key == answer), answer)
            return Fact(label, words, Look.STRONG, Rank.DECIDES) if label else None
        case TypeExactly():
            return None
        case _ as never:
            assert_never(never)
