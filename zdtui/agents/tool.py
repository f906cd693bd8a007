"""What a tool is: its arguments, its class, and a function from what it may use to an answer."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from zdtui.agents.answer import Answer, RefusedError
from zdtui.agents.calls import Caller
from zdtui.agents.database import Database
from zdtui.agents.root import Root
from zdtui.agents.says import Says

LONGEST_TEXT = 200_000
"""Characters of a plan or of SQL."""
LONGEST_NAME = 200

LongText = Annotated[str, Field(min_length=1, max_length=LONGEST_TEXT)]
ShortText = Annotated[str, Field(min_length=1, max_length=LONGEST_NAME)]


class Arguments(BaseModel):
    """What a tool is asked with: nothing more than it names, and no value of another type."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Kind(StrEnum):
    """The classes of tools. There is no third: none changes a database."""

    READS = "reads"
    PROPOSES = "proposes"
    """Leaves something for a person to read and decide on."""


@dataclass(frozen=True, slots=True)
class Workplace:
    """All that a tool may use."""

    root: Root
    database: Database | None = None

    def asked_database(self) -> Database:
        """The database. Raises RefusedError where none was named."""
        if self.database is None:
            raise RefusedError(Says.NO_DATABASE)
        return self.database


@dataclass(frozen=True, slots=True)
class Asked:
    """One call."""

    place: Workplace
    caller: Caller


@dataclass(frozen=True, slots=True)
class Tool:
    """One tool."""

    name: str
    kind: Kind
    about: str
    """What it does, in a sentence for the agent."""
    arguments: type[Arguments]
    call: Callable[[Asked, Any], Awaitable[Answer]]

    @property
    def description(self) -> str:
        """Its class, and what it does."""
        return f"[{self.kind}] {self.about}"

    @property
    def input_schema(self) -> dict[str, Any]:
        """The JSON Schema of its arguments, without what says nothing to an agent."""
        schema = self.arguments.model_json_schema()
        return {"type": "object", **{key: _short(schema[key]) for key in KEPT if schema.get(key)}, **CLOSED}


KEPT = ("properties", "required")
CLOSED = {"additionalProperties": False}


def _short(value: Any) -> Any:
    """Without titles, and without the null that an argument which is left out has."""
    if isinstance(value, list):
        return [_short(each) for each in value]
    if not isinstance(value, dict):
        return value
    if "anyOf" in value:
        given = [each for each in value["anyOf"] if each.get("type") != "null"]
        value = {**{key: each for key, each in value.items() if key != "anyOf"}, **given[0]}
    left = ("title", "default") if "type" in value else ()
    return {key: _short(each) for key, each in value.items() if key not in (*left, "minLength", "maxLength")}
