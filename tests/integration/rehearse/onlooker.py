"""Who looks on in a test: keeps what was said, and does by hand what has to be done."""

from dataclasses import dataclass, field

from zdtui.plan.model import Step
from zdtui.rehearse.going import Gone
from zdtui.rehearse.passes import Move
from zdtui.run.engine.surface import EngineSurface


@dataclass
class Quiet:
    """Says nothing, and confirms nothing in a console."""

    said: list[str] = field(default_factory=list)
    moves: list[Gone] = field(default_factory=list)

    def says(self, sentence: str) -> None:
        self.said.append(sentence)

    def begins(self, number: int, total: int, move: Move) -> None:
        """Nothing."""

    def gone(self, gone: Gone, total: int) -> None:
        self.moves.append(gone)

    def shown(self, engine: EngineSurface) -> bool:
        return False

    async def by_hand(self, step: Step) -> str | None:
        return "done"
