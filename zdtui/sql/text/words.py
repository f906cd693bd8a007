"""A statement's tokens with the words in capitals beside them: what recognising reads."""

from dataclasses import dataclass
from functools import cached_property

from zdtui.sql.text.tokens import Token, TokenKind

NO = frozenset({"false", "off", "0", "no"})


@dataclass(frozen=True)
class Words:
    """The tokens of one statement."""

    tokens: list[Token]

    @cached_property
    def upper(self) -> list[str]:
        """For each token its word in capitals; '' for what is no word."""
        return [token.text.upper() if token.kind is TokenKind.WORD else "" for token in self.tokens]

    @cached_property
    def phrase(self) -> str:
        """All words with single blanks between and around; what is no word is an empty one."""
        return f" {' '.join(self.upper)} "

    def has(self, phrase: str) -> bool:
        """Whether these words (in capitals) stand next to each other somewhere."""
        return f" {phrase} " in self.phrase

    def place(self, word: str) -> int | None:
        """Where the word (in capitals) stands first."""
        return self.upper.index(word) if word in self.upper else None

    def says_no(self, option: str) -> bool:
        """Whether an option is switched off: `(option false)`, `(option = off)`."""
        at = self.place(option)
        if at is None:
            return False
        rest = [token.text for token in self.tokens[at + 1 : at + 3] if token.text != "="]
        return bool(rest) and rest[0].strip("'").lower() in NO

    def after_options(self, at: int) -> int:
        """Past a list in parentheses that begins at this token, if one does."""
        depth = 0
        for place in range(at, len(self.tokens)):
            text = self.tokens[place].text
            depth += (text == "(") - (text == ")")
            if depth == 0:
                return place + 1 if text == ")" else at
        return len(self.tokens)

    def parts(self) -> list[int]:
        """Where the parts of a list begin: the first token, and each one after a comma outside of parentheses."""
        starts, depth = [0], 0
        for place, token in enumerate(self.tokens):
            if token.kind is TokenKind.SYMBOL:
                depth += (token.text == "(") - (token.text == ")")
                if token.text == "," and depth == 0:
                    starts.append(place + 1)
        return starts
