"""An answer to an agent: fixed sentences of ours, and beside them values, which are cleaned, capped and marked."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from zdtui.agents.says import Says
from zdtui.drawable import drawable_json, drawable_text
from zdtui.sql.text.secrets import LEAST_ANYWHERE, MASK, masked

LONGEST_VALUE = 2_000
"""Characters of a value."""
LONGEST_DOCUMENT = 400_000
"""Characters of a plan or a page."""
LONGEST_LIST = 400
DEEPEST = 12


class Document(str):
    """A plan or a page: a value that is read as a whole, line by line."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """What a tool or a resource says."""

    says: tuple[Says, ...]
    """Sentences of ours, which are fixed."""
    data: Mapping[str, Any] = field(default_factory=dict)
    """Everything else, whoever it comes from: values for a program."""
    refused: bool = False
    """Nothing was done."""


class RefusedError(Exception):
    """What was asked cannot be done: a fixed sentence, and values that say what it is about."""

    def __init__(self, why: Says, **data: Any) -> None:
        super().__init__(why)
        self.answer = Answer((why,), data, refused=True)


@dataclass(slots=True)
class _Cleaner:
    """Makes values safe, and remembers what it had to leave out."""

    secrets: tuple[str, ...]
    left_out: int = 0
    struck: bool = False

    def value(self, value: Any, depth: int = 0) -> Any:
        match value:
            case None | bool() | int() | float():
                return value
            case str():
                return self.text(value)
            case datetime():
                return value.isoformat()
            case timedelta():
                return round(value.total_seconds(), 3)
            case _ if depth >= DEEPEST:
                self.left_out += 1
                return None
            case Mapping():
                pairs = list(value.items())
                self.left_out += max(0, len(pairs) - LONGEST_LIST)
                return {self.text(str(name)): self.value(each, depth + 1) for name, each in pairs[:LONGEST_LIST]}
            case Sequence() | frozenset() | set():
                each_of = list(value)
                self.left_out += max(0, len(each_of) - LONGEST_LIST)
                return [self.value(each, depth + 1) for each in each_of[:LONGEST_LIST]]
            case _:
                return self.text(str(value))

    def text(self, text: str) -> str:
        longest = LONGEST_DOCUMENT if isinstance(text, Document) else LONGEST_VALUE
        self.left_out += max(0, len(text) - longest)
        whole = masked(str(text))
        for secret in self.secrets:
            whole = whole.replace(secret, MASK)
        self.struck = self.struck or whole != str(text)
        return drawable_text(whole[:longest])


def document_of(answer: Answer, secrets: Iterable[str | None] = ()) -> dict[str, Any]:
    """The answer as it is sent: `says`, `untrusted` and `data`. `secrets` are struck out wherever they stand."""
    cleaner = _Cleaner(tuple(each for each in secrets if each and len(each) >= LEAST_ANYWHERE))
    data: dict[str, Any] = cleaner.value(answer.data)
    says = list(answer.says)
    if cleaner.struck:
        says.append(Says.STRUCK_OUT)
    if cleaner.left_out:
        says.append(Says.TOO_LONG)
        data["left_out"] = cleaner.left_out
    if data:
        says.append(Says.VALUES)
    return {"says": [str(each) for each in says], "untrusted": bool(data), "data": data}


def written(document: Mapping[str, Any]) -> str:
    """As JSON in printable ASCII."""
    return drawable_json(dict(document))
