"""Walking through the tokens of a statement."""

from collections.abc import Iterator

from zdtui.sql.text.name import Name
from zdtui.sql.text.pieces import NOTHING, Source
from zdtui.sql.text.quote import read_name
from zdtui.sql.text.tokens import Token, TokenKind

NAMES = (TokenKind.WORD, TokenKind.QUOTED)


class Cursor:
    """A place among the tokens from `place` to before `end`."""

    def __init__(self, source: Source, place: int = 0, end: int | None = None) -> None:
        self.source = source
        self.place = place
        self.end = len(source.tokens) if end is None else end

    @property
    def token(self) -> Token | None:
        """The token here; None at the end."""
        return self.source.tokens[self.place] if self.place < self.end else None

    @property
    def word(self) -> str:
        """The word here in capitals; '' for anything else."""
        return self.token.upper if self.token else ""

    def says(self, phrase: str) -> bool:
        """Whether these words stand here."""
        words = phrase.split(" ")
        tokens = self.source.tokens[self.place : min(self.place + len(words), self.end)]
        return [token.upper for token in tokens] == words

    def take(self, *phrases: str) -> str | None:
        """Past the first of these phrases that stands here; None, and stay, when none does."""
        for phrase in phrases:
            if self.says(phrase):
                self.place += phrase.count(" ") + 1
                return phrase
        return None

    def take_all(self, *phrases: str) -> frozenset[str]:
        """Past all of these that stand here, in any order."""
        found: set[str] = set()
        while (phrase := self.take(*phrases)) is not None:
            found.add(phrase)
        return frozenset(found)

    def take_symbol(self, symbol: str) -> bool:
        """Past this character, if it stands here."""
        if self.token is None or self.token.kind is not TokenKind.SYMBOL or self.token.text != symbol:
            return False
        self.place += 1
        return True

    def skip(self) -> None:
        """Past one token, or past what is in parentheses."""
        opens = self.token is not None and self.token.text in ("(", "[")
        self.place = self.source.closing(self.place) + 1 if opens else self.place + 1

    def name(self) -> Name | None:
        """Past a possibly qualified name."""
        parts = self.name_parts()
        if not parts:
            return None
        self.take_symbol("*")
        return Name(parts[-2] if len(parts) > 1 else None, parts[-1])

    def name_parts(self) -> tuple[str, ...]:
        """Past a possibly qualified name: all its parts."""
        first = self.place
        while self.token is not None and self.token.kind in NAMES:
            self.place += 1
            if not self.take_symbol("."):
                break
        written = self.source.cut(first, self.place)
        return (read_name(written) if written else None) or ()

    def simple_name(self) -> str | None:
        """Past an unqualified name."""
        found = self.name()
        return found.name if found else None

    def names(self) -> list[Name]:
        """Past names with commas between."""
        return [name for name, _ in self.names_and_only()]

    def names_and_only(self) -> list[tuple[Name, bool]]:
        """The same, each with whether ONLY stands before it; what stands in parentheses after one is passed over."""
        found: list[tuple[Name, bool]] = []
        while True:
            only = self.take("ONLY") is not None
            if (name := self.name()) is None:
                return found
            found.append((name, only))
            if self.token is not None and self.token.text == "(":
                self.skip()
            if not self.take_symbol(","):
                return found

    def column_list(self) -> tuple[str, ...]:
        """Past `(a, b)`; the columns. Nothing when no parenthesis stands here."""
        if self.token is None or self.token.text != "(":
            return ()
        close = self.source.closing(self.place)
        found = [part.name_parts()[:1] for part in self.elements()]
        self.place = close + 1
        return tuple(name for parts in found for name in parts)

    def elements(self) -> Iterator["Cursor"]:
        """The elements of the list in the parentheses that open here."""
        close = self.source.closing(self.place)
        first = self.place + 1
        while first < close:
            end = min(self.source.end_of(first, NOTHING), close)
            yield Cursor(self.source, first, end)
            first = end + 1

    def rest(self) -> str | None:
        """The text from here to the end."""
        return self.source.cut(self.place, self.end)

    def has(self, phrase: str) -> bool:
        """Whether these words stand from here on somewhere outside of parentheses."""
        first = phrase.split(" ")[0]
        place = self.source.find(first, self.place, self.end)
        while place is not None:
            if Cursor(self.source, place, self.end).says(phrase):
                return True
            place = self.source.find(first, place + 1, self.end)
        return False
