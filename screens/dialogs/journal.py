"""Taking a journal on that is not whole: what this server holds is the truth from then on, for a reason it keeps."""

from screens.dialogs.facts.target import on_fact
from screens.dialogs.frame.base import Dialog
from screens.dialogs.frame.now import Now
from screens.dialogs.frame.sheet import Fact, Page, Rank, Sheet, TypeExactly, Write
from screens.look import Look
from screens.would_send import ANY_WORDS, refusal
from zdtui.run.decisions.snapshot import Snapshot
from zdtui.run.decisions.typed_word import typed_word
from zdtui.run.engine.surface import EngineSurface
from zdtui.run.journal.damage import Damage
from zdtui.run.model.commands import AcceptJournal, Command
from zdtui.run.model.state import StepStatus


def journal_sheet(snapshot: Snapshot, damage: Damage) -> Sheet:
    """What is wrong, what has to be looked at first, and what the answer leads to."""
    command = AcceptJournal(damage.digest, snapshot.plan.name, ANY_WORDS)
    return Sheet(
        title="Go on with the journal as this server holds it",
        asks=(
            Write("say how you know", "because"),
            TypeExactly(typed_word(snapshot, command) or "", "to go on from what it says"),
        ),
        pages=(Page("wrong", damage.sentence),),
        facts=(
            on_fact(snapshot),
            Fact("look", _look(snapshot, damage), Look.STRONG),
            Fact("means", "each step stands where this journal leaves it", rank=Rank.DECIDES),
        ),
        production=snapshot.is_production,
        withdrawn=refusal(snapshot, command),
        leave="not now",
    )


def _look(snapshot: Snapshot, damage: Damage) -> str:
    """The steps that may be there although the journal does not say so, or the other way round."""
    steps = damage.steps or tuple(
        step for step, state in snapshot.run.steps.items() if state.status is not StepStatus.PENDING
    )
    named = ", ".join(steps) if steps else "every step"
    return f"with psql at what is there of {named}"


class AcceptJournalDialog(Dialog):
    """Asks for the reason, and for the plan's name."""

    def __init__(self, engine: EngineSurface, damage: Damage) -> None:
        super().__init__(engine)
        self._damage = damage

    def sheet(self, snapshot: Snapshot, now: Now) -> Sheet:
        """See `journal_sheet`."""
        return journal_sheet(snapshot, self._damage)

    def command(self, given: tuple[str, ...]) -> Command | None:
        """AcceptJournal, of what was shown when this opened."""
        return AcceptJournal(self._damage.digest, given[-1], given[0])
