"""How long the application waited for its answers, and which of them fall into a move. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, field

KEPT = 100_000
"""Answers that are remembered one by one."""
GRAIN = 0.1
"""Seconds: of more, those that came in the same such time are remembered by the longest wait among them."""


@dataclass
class Answers:
    """Every answer the load had: when it was asked for, and when it came. Seconds by one clock."""

    waiting: dict[int, float] = field(default_factory=dict)
    """Who has asked and has no answer yet, and since when."""
    answered: list[tuple[float, float]] = field(default_factory=list)
    errors: dict[str, int] = field(default_factory=dict)
    """What went wrong for it, by its name, and how often."""

    def asked(self, who: int, at: float) -> None:
        """Somebody waits from now on."""
        self.waiting[who] = at

    def came(self, who: int, at: float) -> None:
        """Its answer is here."""
        self.add(self.waiting.pop(who, at), at)

    def add(self, asked: float, came: float) -> None:
        """An answer that came then. However many there are, no long wait is forgotten."""
        self.answered.append((asked, came))
        if len(self.answered) > KEPT:
            self.answered = [*_longest(self.answered[: KEPT // 2]), *self.answered[KEPT // 2 :]]

    def failed(self, name: str) -> None:
        """It was an error."""
        self.errors[name] = self.errors.get(name, 0) + 1

    def worst_stall(self, begun: float, ended: float) -> float | None:
        """The longest that anybody waited for an answer while [begun, ended] lasted; None: nobody asked."""
        waited = [came - asked for asked, came in self.answered if came >= begun and asked <= ended]
        waited += [ended - since for since in self.waiting.values() if since <= ended]
        return max(waited, default=None)


def _longest(answers: Iterable[tuple[float, float]]) -> Iterable[tuple[float, float]]:
    found: dict[int, tuple[float, float]] = {}
    for asked, came in answers:
        grain = int(came / GRAIN)
        before = found.get(grain)
        if before is None or came - asked > before[1] - before[0]:
            found[grain] = asked, came
    return found.values()
