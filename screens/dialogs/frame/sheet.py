"""What a dialog says and asks, as data: made from a snapshot by pure functions, drawn by `dialogs.frame.layout`."""

from dataclasses import dataclass

from screens.look import Look


@dataclass(frozen=True, slots=True)
class Page:
    """A text that is read from end to end: the SQL, its undoing. Line breaks are kept."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Fact:
    """One labelled thing to know before answering. Folded to the width; never scrolled away unseen."""

    label: str
    text: str
    look: Look = Look.PLAIN


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


@dataclass(frozen=True, slots=True)
class TypeExactly:
    """The word is typed to the letter, then Enter."""

    word: str
    purpose: str


@dataclass(frozen=True, slots=True)
class Write:
    """A line of the operator's own words, not empty, then Enter."""

    question: str


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
