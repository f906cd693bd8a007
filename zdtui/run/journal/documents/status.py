"""`zdtui status --json`: where the runs in a database stand. Pure."""

from collections.abc import Iterable
from typing import Literal
from uuid import UUID

from pydantic import Field

from zdtui.plan.model import Frozen
from zdtui.run.journal.damage import Damage
from zdtui.run.journal.documents.parts import RunPart, run_part
from zdtui.run.model.state import RunState


class StatusDocument(Frozen):
    """Where runs stand, the newest first."""

    format: Literal["zdtui status 1"] = "zdtui status 1"
    held_by: str | None = Field(description="the session that holds a run in this database; null when none does")
    runs: tuple[RunPart, ...]


def status_document(found: Iterable[tuple[UUID, RunState, Damage | None]], held_by: str | None) -> StatusDocument:
    """The document of these runs."""
    return StatusDocument(held_by=held_by, runs=tuple(run_part(run, state, damage) for run, state, damage in found))
