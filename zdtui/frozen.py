"""A value: what a plan and its steps are made of. Pure."""

import re
from collections.abc import Mapping
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, model_validator

HALF = re.compile("[\ud800-\udfff]")


def _whole(text: str) -> str:
    return HALF.sub(lambda found: f"\\x{ord(found[0]) & 0xFF:02x}", text)


class Frozen(BaseModel):
    """A value: immutable, compared by content, refusing what it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    @model_validator(mode="before")
    @classmethod
    def _whole_characters(cls, data: Any) -> Any:
        """Half a character (a byte of a database that knows no characters) is told by its number."""
        if isinstance(data, dict) and any(HALF.search(text) for text in data.values() if isinstance(text, str)):
            return {name: _whole(text) if isinstance(text, str) else text for name, text in data.items()}
        return data

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """A copy with other values. What was worked out of the old ones (a `cached_property`) is not copied."""
        copied = super().model_copy(update=update, deep=deep)
        for name in copied.__dict__.keys() - type(self).model_fields.keys():
            del copied.__dict__[name]
        return copied
