"""Rehearsing the next step on a scratch server: what that does, what is known, and what it says as it goes on."""

import time
from collections.abc import Callable, Iterator

from screens.dialogs.facts.rehearsed import rehearsal_facts
from screens.dialogs.facts.target import on_fact
from screens.dialogs.frame.base import Dialog
from screens.dialogs.frame.now import Now
from screens.dialogs.frame.sheet import Answer, Fact, Page, Rank, Sheet, last_question
from screens.dialogs.run_sheet import pages_of
from screens.look import Look
from screens.would_send import refusal, rehearse_step
from zdtui.evidence.under_way import UnderWay
from zdtui.plan.model import Step, StepId
from zdtui.run.decisions.snapshot import Snapshot
from zdtui.run.engine.surface import EngineSurface
from zdtui.run.model.commands import Command, StopRehearsal

STOP = Answer("X", "stop it")
WHERE = (
    "a PostgreSQL of its own on this machine, with the schema of this database and rows that are made up; it is gone"
    " afterwards"
)
READS = "pg_dump reads the schema here; it gives up where it would wait for half a second. Nothing is changed here"
AS_WHOM = (
    "its superuser, on this machine: COPY ... TO PROGRAM in this step, or a function of the schema that it calls, can"
    " start programs as you. Read the step first"
)
DOES = "the step forward, back and forward again; what comes of it is kept beside the plan"


def rehearse_sheet(snapshot: Snapshot, step: Step) -> Sheet:
    """The whole dialog: before it begins, while it goes on, and after it."""
    under_way = of_step(snapshot, step)
    going_on = under_way is not None and not under_way.over
    said = () if under_way is None else (Page("rehearsal", "\n".join(under_way.lines) or "it begins"),)
    return Sheet(
        title=f"Rehearse {step.id} on a scratch server: {step.title}",
        asks=(last_question(None, "rehearse it"),),
        pages=(*said, *pages_of(step)),
        facts=tuple(_facts(snapshot, step, under_way)),
        production=snapshot.is_production,
        obstacle=refusal(snapshot, rehearse_step(step)),
        leave="close; it goes on" if going_on else "close",
        keys=(STOP,) if going_on else (),
    )


def of_step(snapshot: Snapshot, step: Step) -> UnderWay | None:
    """The rehearsal of that step which was begun here."""
    under_way = snapshot.under_way
    return under_way if under_way is not None and under_way.step == step.id else None


def _facts(snapshot: Snapshot, step: Step, under_way: UnderWay | None) -> Iterator[Fact]:
    yield on_fact(snapshot)
    if under_way is None:
        yield Fact("where", WHERE, rank=Rank.DECIDES)
        yield Fact("reads", READS, rank=Rank.DECIDES)
        yield Fact("as", AS_WHOM, rank=Rank.DECIDES)
        yield Fact("does", DOES)
    elif not under_way.over:
        yield Fact("now", "it goes on; what it says stands above, the newest last", Look.STRONG)
    elif under_way.failed:
        yield Fact("came to", under_way.failed, Look.LOUD, Rank.DECIDES)
    if under_way is None or under_way.over:
        yield from rehearsal_facts(snapshot, step)


class RehearseDialog(Dialog):
    """Begins a rehearsal, and shows the one that goes on."""

    def __init__(self, engine: EngineSurface, step_id: StepId, clock: Callable[[], float] = time.monotonic) -> None:
        """KeyError when the plan has no such step."""
        super().__init__(engine, clock)
        self._step = engine.snapshot.plan.step(step_id)

    def sheet(self, snapshot: Snapshot, now: Now) -> Sheet:
        """See `rehearse_sheet`."""
        return rehearse_sheet(snapshot, self._step)

    def command(self, given: tuple[str, ...]) -> Command | None:
        """Rehearse: for the text as it is then."""
        return rehearse_step(self._step)

    def act(self, key: str) -> None:
        """Stop it; what came of that is shown with a later snapshot."""
        self.engine.submit(StopRehearsal())
