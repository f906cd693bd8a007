"""What a rehearsal proved of a step, as facts of its confirmation. Pure."""

from screens.dialogs.frame.sheet import Fact, Rank
from screens.look import Look
from screens.views.rehearsed import rehearsal_lines
from zdtui.evidence.told import Tone
from zdtui.plan.model import Step
from zdtui.run.decisions.snapshot import Snapshot

LOOKS = {Tone.FINE: Look.PLAIN, Tone.CAREFUL: Look.STRONG, Tone.BAD: Look.WARN}


def rehearsal_facts(snapshot: Snapshot, step: Step) -> tuple[Fact, ...]:
    """When, where, how long, which lock, what came back; and how that place was unlike this one."""
    return tuple(
        Fact("" if place else "proof", text, Look.PLAIN if place else LOOKS[tone], Rank.WEIGHS)
        for place, (text, tone) in enumerate(rehearsal_lines(snapshot, step))
    )
