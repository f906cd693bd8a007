"""What each key that acts would send at this moment, if every question about it were answered. Pure.

A screen knows no rule: it asks `decide` what it would say to this command, and shows that sentence. What stands for an
answer that is still to be given is what the rule would take: the word to be typed, any words for a reason.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from screens.panes import PLAN, selecting, selects_backend
from zdtui.plan.model import Step, StepId
from zdtui.run.decisions.clean_up import clean_up_sql, left_index
from zdtui.run.decisions.confirm_text import retry_digest, rollback_digest, step_digest
from zdtui.run.decisions.decide import decide, hazards_that_stop, undoable
from zdtui.run.decisions.hazard_gate import text_digest
from zdtui.run.decisions.snapshot import Snapshot
from zdtui.run.decisions.typed_word import BLIND
from zdtui.run.model import commands as c
from zdtui.run.model.state import StepStatus
from zdtui.watch.samples import Backend

ANY_WORDS = "-"
"""Stands for a reason or a note that is still to be written."""
ANY_LENGTH = timedelta(hours=1)
"""Stands for how long a step is armed."""
LEVELS = tuple(c.ThrottleLevel)
CEILINGS = tuple(timedelta(milliseconds=each) for each in (0, 20, 50, 100, 200, 300, 500, 1000, 2000))
"""What the queue's ceiling is turned through."""


@dataclass(frozen=True, slots=True)
class Focus:
    """What an action would act on."""

    snapshot: Snapshot
    pane: str = PLAN
    step: StepId | None = None
    backend: Backend | None = None


Sends = Callable[[Focus], c.Command | str]
"""The command a key would send; a sentence where nothing is selected that it could be sent about."""


def refusal(snapshot: Snapshot, command: c.Command) -> str | None:
    """The sentence `decide` would refuse the command with, or None. The engine decides again when it is submitted."""
    return decide(snapshot, command).refusal


def why_not_offered(focus: Focus, sends: Sends) -> str | None:
    """Why the key does nothing now; None where it opens its question, be it one that cannot be answered yet."""
    command = sends(focus)
    if isinstance(command, str):
        return command
    decision = decide(focus.snapshot, command)
    return None if decision.held_back else decision.refusal


def next_or_last(snapshot: Snapshot) -> Step:
    """The step a key is about; the last one when every step is over, for the rule to say so."""
    step = snapshot.next_step
    return snapshot.plan.steps[-1] if step is None else snapshot.plan.step(step)


def in_doubt(snapshot: Snapshot) -> bool:
    """Whether R settles a doubt instead of running a step."""
    step = snapshot.next_step
    return step is not None and snapshot.run.step(step).status is StepStatus.IN_DOUBT


def run_step(step: Step) -> c.RunStep:
    """Run, go on with, try again or verify that step."""
    return c.RunStep(step.id, step_digest(step), confirmed_by=step.id, note=ANY_WORDS)


def run(focus: Focus) -> c.Command:
    """R."""
    step = next_or_last(focus.snapshot)
    return settle_doubt(step) if in_doubt(focus.snapshot) else run_step(step)


def settle_doubt(step: Step) -> c.SettleDoubt:
    """Say what became of its statement."""
    return c.SettleDoubt(step.id, done=True, reason=ANY_WORDS)


def edit(focus: Focus) -> c.Command:
    """e, with a file that is what it was: whether another text is taken depends on what changes."""
    return c.ChangePlan(focus.snapshot.plan)


def arm(focus: Focus) -> c.Command:
    """A."""
    return arm_step(next_or_last(focus.snapshot))


def arm_step(step: Step) -> c.Arm:
    """Let that step start in a quiet moment."""
    return c.Arm(step.id, step_digest(step), confirmed_by=step.id, lasts=ANY_LENGTH)


def roll_back(focus: Focus) -> c.Command:
    """B, of the latest step alone."""
    return roll_back_steps(undoable(focus.snapshot.plan, focus.snapshot.run)[:1])


def roll_back_steps(steps: tuple[Step, ...]) -> c.RollBack:
    """Undo these, latest first."""
    last = steps[-1].id if steps else ""
    return c.RollBack(tuple(step.id for step in steps), rollback_digest(steps), confirmed_by=last)


def pause(focus: Focus) -> c.Command:
    """p."""
    return c.Pause()


def cancel(focus: Focus) -> c.Command:
    """X, of the statement that runs now."""
    activity = focus.snapshot.activity
    return c.CancelStatement(None if activity is None else activity.which)


def clean_up(focus: Focus) -> c.Command:
    """D."""
    step = next_or_last(focus.snapshot)
    return clean_up_index(step, left_index(step, focus.snapshot.run.step(step.id)))


def clean_up_index(step: Step, index: str | None) -> c.CleanUpIndex:
    """Drop that index."""
    return c.CleanUpIndex(step.id, index or "", clean_up_sql(index or ""), confirmed_by=step.id)


def retry(focus: Focus) -> c.Command | str:
    """T, of the selected step."""
    return "no step is selected" if focus.step is None else retry_step(focus.snapshot.plan.step(focus.step))


def retry_step(step: Step) -> c.RetryRejected:
    """Try its rejected rows again."""
    return c.RetryRejected(step.id, retry_digest(step), confirmed_by=step.id)


def take_over(focus: Focus) -> c.Command:
    """t."""
    return c.TakeOver()


def signal(action: Literal["cancel", "terminate"]) -> Sends:
    """C and K, of the selected backend."""

    def sends(focus: Focus) -> c.Command | str:
        if not selects_backend(focus.pane):
            return f"select a backend in the {selecting()} pane"
        if focus.backend is None:
            return "no backend is selected"
        backend = focus.backend
        return c.SignalBackend(action, backend.key, backend.application, backend, confirmed_by=str(backend.key.pid))

    return sends


def skip(focus: Focus) -> c.Command:
    """S."""
    return skip_step(next_or_last(focus.snapshot))


def skip_step(step: Step) -> c.SkipStep:
    """Pass over that step."""
    return c.SkipStep(step.id, ANY_WORDS)


def turn(by: int) -> Callable[[Focus], c.SetThrottleLevel]:
    """+ and -: one level up or down, where there is one."""

    def sends(focus: Focus) -> c.SetThrottleLevel:
        place = LEVELS.index(focus.snapshot.throttle_level) + by
        return c.SetThrottleLevel(LEVELS[max(0, min(len(LEVELS) - 1, place))])

    return sends


def turn_ceiling(by: int) -> Callable[[Focus], c.SetQueueCeiling]:
    """] and [."""
    return lambda focus: c.SetQueueCeiling(next_ceiling(focus.snapshot.queue_ceiling, by))


def next_ceiling(now: timedelta, by: int) -> timedelta:
    """One up or down from what it is, be that one of the usual ones or not."""
    further = [each for each in CEILINGS if (each > now if by > 0 else each < now)]
    return now if not further else further[0] if by > 0 else further[-1]


def note(focus: Focus) -> c.Command:
    """n."""
    return c.AddNote(ANY_WORDS)


def take_on(focus: Focus) -> c.Command:
    """H, of the first hazard that stops the next step."""
    step = next_or_last(focus.snapshot)
    stopping = hazards_that_stop(focus.snapshot, step)
    return take_on_hazard(step, stopping[0].rule if stopping else "")


def take_on_hazard(step: Step, rule: str) -> c.SilenceHazard:
    """Let the step run although this rule stops it."""
    return c.SilenceHazard(step.id, rule, ANY_WORDS, text_digest(step))


def rehearse_step(step: Step) -> c.Rehearse:
    """Rehearse that step on a scratch server."""
    return c.Rehearse(step.id)


def go_blind(focus: Focus) -> c.Command:
    """V, of the first figure that cannot be seen."""
    unseen = focus.snapshot.unseen_figures
    return c.AcceptBlindness(
        unseen[0].figure if unseen else "", ANY_WORDS, BLIND, unseen[0].unseen.about if unseen else ()
    )


def accept_journal(focus: Focus) -> c.Command:
    """J."""
    damage = focus.snapshot.damage
    return c.AcceptJournal("" if damage is None else damage.digest, focus.snapshot.plan.name, ANY_WORDS)
