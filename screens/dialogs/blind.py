"""Going on without a figure that cannot be seen: typed, for a reason that the journal keeps."""

import time
from collections.abc import Callable

from screens.dialogs.facts.target import on_fact
from screens.dialogs.frame.base import Dialog
from screens.dialogs.frame.now import Now
from screens.dialogs.frame.sheet import Fact, Rank, Sheet, TypeExactly, Write
from screens.look import Look
from screens.would_send import ANY_WORDS, refusal
from zdtui import amounts
from zdtui.run.decisions.snapshot import Snapshot
from zdtui.run.decisions.typed_word import BLIND
from zdtui.run.engine.surface import EngineSurface
from zdtui.run.figures.guards import Blind
from zdtui.run.model.commands import AcceptBlindness, Command


def blind_sheet(snapshot: Snapshot, blind: Blind, now: Now) -> Sheet:
    """What cannot be seen, since when, what that means for whom, and the typed way on."""
    since = "" if blind.unseen.since is None else f", for {amounts.age(max(0.0, now.monotonic - blind.unseen.since))}"
    facts = [
        on_fact(snapshot),
        Fact("blind", f"{blind}{since}", Look.LOUD, Rank.DECIDES),
        Fact("means", _means(blind), Look.STRONG, Rank.DECIDES),
        Fact("or", "mend what hides it, or wait until it is back: then nothing has to be accepted"),
    ]
    others = [each.name for each in snapshot.unseen_figures if each != blind]
    if others:
        facts.append(Fact("also", f"cannot be seen: {', '.join(others)}; each is accepted by itself", Look.STRONG))
    command = AcceptBlindness(blind.figure, ANY_WORDS, BLIND, blind.unseen.about)
    return Sheet(
        title=f"Go on without {blind.name} for the rest of this run",
        asks=(Write("say why this is all right", "reason"), TypeExactly(BLIND, f"go on without {blind.name}")),
        facts=tuple(facts),
        production=snapshot.is_production,
        withdrawn=refusal(snapshot, command),
    )


def _means(blind: Blind) -> str:
    if blind.unseen.about:
        names = ", ".join(blind.unseen.about)
        return f"{names} is no longer waited for in this run; the standbys that are there are guarded as before"
    if blind.stops:
        return f"no guard and no throttle looks at {blind.name} in this run until it can be seen again"
    return f"the throttle does not slow down for {blind.name} in this run until it can be seen again"


class BlindDialog(Dialog):
    """Asks for the reason and the word."""

    def __init__(self, engine: EngineSurface, blind: Blind, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(engine, clock)
        self._blind = blind

    def sheet(self, snapshot: Snapshot, now: Now) -> Sheet:
        """See `blind_sheet`."""
        return blind_sheet(snapshot, self._blind, now)

    def command(self, given: tuple[str, ...]) -> Command | None:
        """AcceptBlindness, of what was shown when this opened."""
        return AcceptBlindness(self._blind.figure, given[0], given[-1], self._blind.unseen.about)
