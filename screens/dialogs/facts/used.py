"""Before what cannot be undone: what the steps that prove it unused have found, from the journal. Pure."""

from collections.abc import Iterator

from screens.dialogs.frame.now import Now
from screens.dialogs.frame.sheet import Fact, Rank
from screens.look import Look
from screens.views.used import is_unused, used_lines
from zdtui import amounts
from zdtui.plan.model import Phase, Step
from zdtui.run.decisions.snapshot import Snapshot
from zdtui.run.model.state import StepState, StepStatus

ALWAYS = 3
"""Lines of the list that are never left out."""


def used_facts(snapshot: Snapshot, step: Step, now: Now) -> Iterator[Fact]:
    """Of a contract step: what each proof before it has found. Of a proof that is tried again: what it found last."""
    if step.action.proves_unused is not None:
        yield from _facts(step, snapshot.run.step(step.id), now)
    elif step.phase is Phase.CONTRACT:
        for each in snapshot.plan.steps:
            if each.id == step.id:
                return
            if each.action.proves_unused is not None:
                yield from _facts(each, snapshot.run.step(each.id), now, after=True)


def _facts(proof: Step, state: StepState, now: Now, *, after: bool = False) -> Iterator[Fact]:
    found = state.used
    if found is None:
        if after:
            why = f": {state.message}" if state.message else ""
            text = f"{proof.action.proves_unused} was not proved unused ({proof.id} {state.status}{why})"
            yield Fact("used by", text, Look.LOUD, Rank.DECIDES)
        return
    age = "" if state.changed_at is None else f", asked {amounts.age(now.utc - state.changed_at)} ago"
    passed = f"; {proof.id} was passed over: {state.message}" if state.status is StepStatus.SKIPPED else ""
    look = Look.PLAIN if is_unused(found) and not passed else Look.LOUD
    yield Fact("used by", f"{found.heading}{age}{passed}", look, Rank.DECIDES)
    for place, line in enumerate(used_lines(found)):
        rank = Rank.DECIDES if place < ALWAYS and not is_unused(found) else Rank.WEIGHS
        yield Fact("", line, rank=rank)
