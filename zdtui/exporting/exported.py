"""What an export comes to. Pure data."""

from collections.abc import Callable
from dataclasses import dataclass

from zdtui.plan.model import Plan


@dataclass(frozen=True, slots=True)
class File:
    """A file that the tool reads."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where the files come in what the tool has already."""

    first: int = 1
    """The number of the first file, of tools that number."""
    after: str | None = None
    """The migration before the first, of tools that say so in the file."""
    app: str | None = None
    """Django's app."""


@dataclass(frozen=True, slots=True)
class Exporter:
    """One tool."""

    name: str
    export: Callable[[Plan, Place], tuple[File, ...]]
    """Raises ExportingError."""
