"""What a person at the console may send while a rehearsal goes through the steps by itself. Pure."""

from typing import assert_never

from zdtui.rehearse.operator import BY_A_PERSON
from zdtui.run.decisions.view import RunView
from zdtui.run.model import commands as c

GOES_BY_ITSELF = "the rehearsal goes through the steps by itself: p pauses it, X cancels a statement, q leaves"


def refused(now: RunView, command: c.Command) -> str | None:
    """Why not; None: it may."""
    match command:
        case c.RunStep(step=step):
            waits = now.plan.has(step) and now.plan.step(step).action.by_hand
            return None if waits or now.run.step(step).hold in BY_A_PERSON else GOES_BY_ITSELF
        case c.RollBack() | c.SkipStep() | c.Arm() | c.SilenceHazard() | c.RetryRejected() | c.CleanUpIndex():
            return GOES_BY_ITSELF
        case c.SettleDoubt() | c.AcceptJournal() | c.TakeOver() | c.ChangePlan():
            return GOES_BY_ITSELF
        case c.Pause() | c.CancelStatement() | c.SignalBackend() | c.SetThrottleLevel() | c.SetQueueCeiling():
            return None
        case c.AcceptBlindness() | c.AddNote() | c.ReadStep() | c.RefreshBoard() | c.LookAt() | c.Leave():
            return None
        case c.Rehearse() | c.StopRehearsal():
            return None
        case _ as never:
            assert_never(never)
