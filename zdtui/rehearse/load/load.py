"""What works beside a rehearsal, and how its answers come."""

from dataclasses import dataclass, field

from zdtui.counted import counted
from zdtui.rehearse.load.stalls import Answers

BECAUSE = {
    "FeatureNotSupported": "a prepared statement whose columns a step had changed",
    "UndefinedColumn": "a column that was not there then",
    "UndefinedTable": "a table that was not there then",
}
"""What an error comes of, where its name alone does not say it."""


@dataclass
class Load:
    """What works, and how its answers come."""

    described: str = ""
    """'a reader and a writer on each of users, orders'; empty: nothing works beside it."""
    changes_rows: bool = False
    """What it writes stays."""
    answers: Answers = field(default_factory=Answers)
    notes: list[str] = field(default_factory=list)

    def worst_stall(self, begun: float, ended: float) -> float | None:
        """The longest that anybody waited for an answer meanwhile; None: there is no load, or nobody asked."""
        return self.answers.worst_stall(begun, ended)

    @property
    def told(self) -> str:
        """What worked, and what went wrong for it; empty: nothing worked."""
        wrong = ", ".join(_told(name, count) for name, count in sorted(self.answers.errors.items()))
        failed = f"it met errors, as the application would: {wrong}" if wrong else ""
        return "; ".join(filter(None, (self.described, failed, *self.notes)))


def _told(name: str, count: int) -> str:
    because = f" ({BECAUSE[name]})" if name in BECAUSE else ""
    return f"{name}{because} {counted(count, 'time')}"
