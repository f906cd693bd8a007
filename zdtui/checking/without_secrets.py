"""Findings without the passwords their statements hold: a check is printed, and kept by those who run it. Pure."""

from collections.abc import Callable, Iterable
from dataclasses import replace

from zdtui.hazards.hazard import Finding, Hazard, Safer
from zdtui.sql.text.secrets import mask_for, masked


def without_secrets(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The same findings; what any of their statements holds is struck out of all, before it is cut or folded."""
    known = tuple(findings)
    mask = mask_for(each.statement.text for each in known)
    return known if mask is masked else tuple(_finding(each, mask) for each in known)


def _finding(finding: Finding, mask: Callable[[str], str]) -> Finding:
    return replace(
        finding,
        statement=replace(finding.statement, text=mask(finding.statement.text)),
        hazards=tuple(_hazard(each, mask) for each in finding.hazards),
    )


def _hazard(hazard: Hazard, mask: Callable[[str], str]) -> Hazard:
    safer = None if hazard.safer is None else _safer(hazard.safer, mask)
    return replace(hazard, sentence=mask(hazard.sentence), safer=safer)


def _safer(safer: Safer, mask: Callable[[str], str]) -> Safer:
    return replace(
        safer,
        sentence=mask(safer.sentence),
        sql=mask(safer.sql),
        instead=mask(safer.instead),
        steps=tuple(replace(each, title=mask(each.title), yaml=mask(each.yaml)) for each in safer.steps),
    )
