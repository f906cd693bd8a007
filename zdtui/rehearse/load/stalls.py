"""How long the application waited for its answers, and which of them fall into a move. Pure."""

from dataclasses import dataclass, field

KEPT = 100_000
"""Answers that are remembered: of more, the oldest are forgotten with the moves they belong to."""


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
        self.answered.append((self.waiting.pop(who, at), at))
        if len(self.answered) > KEPT:
            del self.answered[: KEPT // 2]

    def failed(self, name: str) -> None:
        """It was an error."""
        self.errors[name] = self.errors.get(name, 0) + 1

    def worst_stall(self, begun: float, ended: float) -> float | None:
        """The longest that anybody waited for an answer while [begun, ended] lasted; None: nobody asked."""
        waited = [came - asked for asked, came in self.answered if came >= begun and asked <= ended]
        waited += [ended - since for since in self.waiting.values() if since <= ended]
        return max(waited, default=None)
