"""Hazards weighed by a live server: how big and how busy each table is, and who would be waited for. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from zdtui.checking.checked import Checked
from zdtui.hazards.hazard import Finding
from zdtui.hazards.weight import Weight, surroundings, weighed
from zdtui.sql.lock_modes import LockMode
from zdtui.sql.outwaits import waits_for_lockers
from zdtui.sql.text.name import Name
from zdtui.sql.text.secrets import masked


def touched(checked: Checked) -> frozenset[Name]:
    """What the statements with hazards lock so that others may wait for it."""
    return frozenset(name for finding in checked.findings if finding.hazards for name in _locked(finding))


def with_weights(checked: Checked, weights: Iterable[Weight]) -> Checked:
    """The same check; each hazard says how big and how busy what its statement locks is."""
    known = {each.relation: each for each in weights}
    return replace(checked, findings=tuple(_weighed(each, known) for each in checked.findings))


def _locked(finding: Finding) -> Iterator[Name]:
    return (each.relation for each in finding.effects.locks if each.mode.strength >= LockMode.ROW_EXCLUSIVE.strength)


def _weighed(finding: Finding, known: Mapping[Name, Weight]) -> Finding:
    sentence = masked("; ".join(_sentences(finding, known))) if finding.hazards else ""
    if not sentence:
        return finding
    return replace(finding, hazards=tuple(replace(each, weight=sentence) for each in finding.hazards))


def _sentences(finding: Finding, known: Mapping[Name, Weight]) -> Iterator[str]:
    names = frozenset(_locked(finding))
    for lock in finding.effects.locks:
        weight = known.get(lock.relation) if lock.relation in names else None
        if weight is not None:
            yield weighed(lock, weight, waits_for_lockers(finding.statement))
            if around := surroundings(weight):
                yield around
