"""What was proved of each step of the plans that are checked, by the evidence that lies beside them."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from zdtui.checking.checked import Checked, Rehearsals
from zdtui.checking.inputs import STANDARD_INPUT
from zdtui.evidence.beside import kept_evidence
from zdtui.evidence.standing import Beside, Here, Kept
from zdtui.plan.model import Plan


def kept_beside(plans: Iterable[Plan]) -> dict[str, Kept]:
    """By the path of each plan; a plan on the standard input lies nowhere."""
    return {plan.path: Kept() if plan.path == STANDARD_INPUT else kept_evidence(plan) for plan in plans}


def with_rehearsals(checked: Checked, kept: Mapping[str, Kept], here: Mapping[str, Here], now: datetime) -> Checked:
    """The same check with what stands beside each of its plans. `here` is known of those that were asked about."""
    beside = {path: Beside(each, here.get(path, Here())) for path, each in kept.items()}
    return replace(checked, rehearsals=Rehearsals(beside, now))
