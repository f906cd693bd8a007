"""Which rehearsal a plan asks for, and what is said where it is missing. Pure; `decide` asks it.

It is told and acknowledged as a hazard is, for the step's text as it stands: with a reason that the journal keeps.
"""

from zdtui.amounts import limit
from zdtui.evidence.standing import Standing
from zdtui.hazards.hazard import Hazard, Safer, Severity
from zdtui.plan.confirmed import text_digest
from zdtui.plan.model import Step
from zdtui.run.decisions.view import RunView
from zdtui.run.model.state import StepStatus

RULE = "not-rehearsed"
"""By this name it is acknowledged in the journal."""
SAFER = Safer(sentence="rehearse it first: zdtui rehearse on staging, or r on a scratch server")
BEGUN = (StepStatus.HELD, StepStatus.APPLIED)
"""Steps that were let start before: to go on with them nothing new has to be proved."""


def rehearsal_of(now: RunView, step: Step) -> Standing | None:
    """What the evidence beside the plan is worth for the step; None while nobody has looked for it."""
    if now.evidence is None:
        return None
    return now.evidence.of(step, now.wall, is_next=now.next_step == step.id)


def missing_rehearsal(now: RunView, step: Step) -> Hazard | None:
    """That the step lacks the rehearsal which its plan asks for, with the reason it was acknowledged for, if it was."""
    within, state = now.plan.require_rehearsal, now.run.step(step.id)
    if within is None or state.status in BEGUN:
        return None
    found = rehearsal_of(now, step)
    lacks = "the evidence beside the plan was not looked for yet" if found is None else found.lacks(within)
    if not lacks:
        return None
    sentence = f"{lacks}; this plan asks for a rehearsal of the last {limit(within)}"
    taken_on = (each.reason for each in state.silenced if each.rule == RULE and each.digest == text_digest(step))
    return Hazard(rule=RULE, severity=Severity.STOP, sentence=sentence, safer=SAFER, silenced=next(taken_on, None))
