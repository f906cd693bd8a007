"""The rule for trying rejected rows again. Pure; `decide` asks it."""

from zdtui.plan.model import Step
from zdtui.run.decisions.confirm_text import retry_digest
from zdtui.run.decisions.console_rules import idle_conductor, same_plan, writable_journal
from zdtui.run.decisions.decision import Decision, HeldBack, Refused
from zdtui.run.decisions.reading import must_have_been_read
from zdtui.run.decisions.typed_word import is_confirmed
from zdtui.run.decisions.view import RunView
from zdtui.run.model import commands as c
from zdtui.run.model import effects as f
from zdtui.run.model import events as e
from zdtui.run.model.state import StepState, StepStatus

RETRIED = frozenset({StepStatus.DONE, StepStatus.HELD, StepStatus.FAILED})


def may_have_rejected(step: Step, state: StepState) -> bool:
    """Whether rows of the step stand aside, or may: a console that died while it tried them knows no better."""
    return step.action.rejects_rows and (state.rejected > 0 or state.retrying)


def retry_rejected(now: RunView, command: c.RetryRejected) -> Decision:
    """Try them again, if the step has some and what was confirmed is what would be sent. Raises Refused."""
    idle_conductor(now)
    step = next((each for each in now.plan.steps if each.id == command.step), None)
    state = now.run.step(command.step)
    if step is None or not step.action.rejects_rows:
        raise Refused(f"{command.step} is no backfill or copy: none of its rows can be rejected")
    if not may_have_rejected(step, state):
        raise Refused(f"no row of {command.step} was rejected")
    if state.direction is e.Direction.BACK or state.status not in RETRIED:
        raise HeldBack(f"{command.step} is {state.status}: its rows are tried again when it is done, held or failed")
    writable_journal(now)
    same_plan(now)
    must_have_been_read(now, step)
    if command.sql_digest != retry_digest(step):
        raise HeldBack(f"what was confirmed is not what {step.id} would send now; look at it again")
    if not is_confirmed(now, command):
        raise HeldBack(f"type {step.id} to try its rejected rows again")
    if now.breached_guards:
        raise HeldBack(f"{now.breached_guards[0]}; the rows may be tried again when it is not")
    started = e.RetryStarted(
        step=step.id, sql_digest=command.sql_digest, confirmed_by=command.confirmed_by, rejected=state.rejected
    )
    return Decision(effects=(f.RetryRejected(started),))
