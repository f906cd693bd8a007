"""Rules that a whole check leaves out: `--ignore RULE[,RULE]`. Pure."""

from collections.abc import Iterable
from dataclasses import replace
from difflib import get_close_matches

from zdtui.checking.checked import Checked
from zdtui.counted import counted
from zdtui.errors import ZdtuiError
from zdtui.hazards.hazard import Finding, Hazard
from zdtui.hazards.rules import BY_NAME, SAME_AS_SQUAWK

NEAR = 0.8
"""How alike a name is that was meant for one of ours."""


def rules_named(lists: Iterable[str]) -> tuple[str, ...]:
    """The rules that these lists name, with commas between them.

    Raises ZdtuiError for what is nearly a rule of ours. Which rules squawk has only squawk knows: such a name is taken.
    """
    names = tuple(dict.fromkeys(name.strip() for each in lists for name in each.split(",") if name.strip()))
    theirs = {name for same in SAME_AS_SQUAWK.values() for name in same}
    for name in names:
        near = get_close_matches(name, BY_NAME, n=1, cutoff=NEAR)
        if near and name not in BY_NAME and name not in theirs:
            raise ZdtuiError(f"--ignore {name}: no hazard is called so; did you mean {near[0]}?")
    return names


def without_rules(checked: Checked, names: tuple[str, ...]) -> Checked:
    """The check without the hazards of these rules, also by squawk's name for ours; how many those were is a note."""
    if not names:
        return checked
    left_out = [hazard for hazard in checked.hazards if _is_named(hazard, names)]
    found = {name for hazard in left_out for name in (hazard.rule, *hazard.also, *SAME_AS_SQUAWK.get(hazard.rule, ()))}
    notes = [f"--ignore leaves out {counted(len(left_out), 'hazard')}"] if left_out else []
    strange = [name for name in names if name not in found and name not in BY_NAME]
    notes += [f"--ignore {name}: no hazard that was found is called so" for name in strange]
    return replace(
        checked,
        findings=tuple(_without(each, names) for each in checked.findings),
        notes=(*checked.notes, *notes),
    )


def _is_named(hazard: Hazard, names: tuple[str, ...]) -> bool:
    return hazard.rule in names or any(each in names for each in SAME_AS_SQUAWK.get(hazard.rule, ()))


def _without(finding: Finding, names: tuple[str, ...]) -> Finding:
    return replace(finding, hazards=tuple(each for each in finding.hazards if not _is_named(each, names)))
