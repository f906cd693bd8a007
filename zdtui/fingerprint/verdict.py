"""What two looks at a database come to, in words: exact, exact but for ..., differs, unknown, failed. Pure."""

from enum import StrEnum
from typing import assert_never

from pydantic import Field

from zdtui.counted import counted
from zdtui.frozen import Frozen


class VerdictKind(StrEnum):
    """How close the second look is to the first."""

    EXACT = "exact"
    EXACT_BUT = "exact but"
    DIFFERS = "differs"
    UNKNOWN = "unknown"
    FAILED = "failed"


class ButFor(StrEnum):
    """What may be another without anything being lost."""

    COLUMN_ORDER = "column order"
    SEQUENCE_POSITION = "sequence position"
    CONSTRAINT_NAME = "names of constraints"


class Named(Frozen):
    """One thing that is another, of a kind that loses nothing."""

    what: ButFor
    of: str = Field(description="the object, and where it helps what it was and is")


class Change(StrEnum):
    """What became of an object."""

    MISSING = "is missing"
    LEFT = "was not there before"
    OTHER = "is another"


class Difference(Frozen):
    """One object that is not what it was."""

    kind: str = Field(description="as pg_dump says it: TABLE, INDEX, ACL")
    name: str
    change: Change
    lines: tuple[str, ...] = Field(default=(), description="what was, each line with `- `, and what is, with `+ `")

    @property
    def sentence(self) -> str:
        """'index public.users_email is missing'."""
        return f"{self.kind.lower()} {self.name} {self.change}"


class Verdict(Frozen):
    """What is said of the second look."""

    kind: VerdictKind
    but_for: tuple[Named, ...] = ()
    differences: tuple[Difference, ...] = ()
    told: tuple[str, ...] = Field(default=(), description="what does not count and is told: gaps of dropped columns")
    unread: tuple[str, ...] = Field(default=(), description="what could not be read, each with the reason")
    why: str = Field(default="", description="why it failed, or could not be compared")

    @classmethod
    def failed(cls, why: str) -> "Verdict":
        """The statements that should have brought it back could not be run."""
        return cls(kind=VerdictKind.FAILED, why=why)

    @classmethod
    def unknown(cls, why: str) -> "Verdict":
        """There is nothing to compare."""
        return cls(kind=VerdictKind.UNKNOWN, why=why)

    @property
    def is_exact(self) -> bool:
        """True only where everything was read and nothing that counts is another."""
        return self.kind is VerdictKind.EXACT

    @property
    def sentence(self) -> str:
        """The verdict in one line: 'exact but for column order (public.users)'."""
        match self.kind:
            case VerdictKind.EXACT:
                return f"exact{self._told()}"
            case VerdictKind.EXACT_BUT:
                named = [f"{what} ({', '.join(self._of(what))})" for what in ButFor if self._of(what)]
                return f"exact but for {' and '.join(named)}{self._told()}"
            case VerdictKind.DIFFERS:
                more = len(self.differences) - 1
                also = f", and {counted(more, 'other difference')}" if more else ""
                return f"differs: {self.differences[0].sentence}{also}"
            case VerdictKind.UNKNOWN:
                return f"unknown: {self.why or 'not everything could be read: ' + '; '.join(self.unread)}"
            case VerdictKind.FAILED:
                return f"failed: {self.why}"
            case _ as never:
                assert_never(never)

    @property
    def lines(self) -> tuple[str, ...]:
        """Everything that is to be known, the sentence first: each difference with what was and what is."""
        found = [self.sentence] if self.kind is not VerdictKind.DIFFERS else ["differs"]
        for each in self.differences:
            found += [f"  {each.sentence}", *(f"    {line}" for line in each.lines)]
        if self.kind is VerdictKind.DIFFERS:
            found += [f"  also another: {each.what} of {each.of}" for each in self.but_for]
            found += [f"  {each}" for each in self.told]
        if self.kind is not VerdictKind.UNKNOWN or self.why:
            found += [f"  not read: {each}" for each in self.unread]
        return tuple(found)

    def _of(self, what: ButFor) -> list[str]:
        return [each.of for each in self.but_for if each.what is what]

    def _told(self) -> str:
        return f" ({'; '.join(self.told)})" if self.told else ""
