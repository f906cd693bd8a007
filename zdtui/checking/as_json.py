"""A check as JSON for programs; `check.schema.json` beside this file says what each key means. Pure."""

from collections.abc import Iterator
from typing import Any

from zdtui import __version__
from zdtui.checking.checked import Checked, Problem, Rehearsals
from zdtui.checking.without_secrets import json_without_secrets
from zdtui.collecting import fewer_collections
from zdtui.hazards.hazard import Finding, Hazard, Place, Safer
from zdtui.plan.model import Plan
from zdtui.sql.text.name import Name

FORMAT = 1
"""Goes up when a key is taken away or changes its meaning; new keys do not change it."""


@fewer_collections()
def as_json(checked: Checked) -> str:
    """The whole check as one JSON document, with a line break at its end. Plain ASCII, whatever the input held."""
    document = {
        "format": FORMAT,
        "zdtui": __version__,
        "postgres_version": checked.version,
        "strict": checked.strict,
        "paths": list(checked.paths),
        "counts": checked.counts(),
        "problems": [_problem(each) for each in checked.problems],
        "notes": list(checked.notes),
        "rehearsals": [each for plan in checked.plans for each in _rehearsals(plan, checked.rehearsals)],
        "statements": [_statement(each) for each in checked.findings],
    }
    return json_without_secrets(document) + "\n"


def _rehearsals(plan: Plan, found: Rehearsals | None) -> Iterator[dict[str, Any]]:
    """A step each, of the plans that have evidence beside them or ask for it."""
    if found is None:
        return
    told = found.told(plan)
    for step in plan.steps:
        if told[step.id]:
            of = found.beside[plan.path].of(step, found.now)
            seconds = of.seen.seconds() if of.seen is not None and of.of_this_text else None
            yield {
                "path": plan.path,
                "step": step.id,
                "proof": str(of.proof),
                "rehearsed_at": None if of.place is None else of.place.rehearsed_at.isoformat(),
                "target": None if of.place is None else of.place.target,
                "milliseconds": None if seconds is None else round(seconds * 1000),
                "lacks": None if plan.require_rehearsal is None else of.lacks(plan.require_rehearsal),
                "sentences": list(told[step.id]),
            }


def _problem(problem: Problem) -> dict[str, Any]:
    return {
        "path": problem.path,
        "line": problem.line or None,
        "column": problem.column or None,
        "sentence": problem.sentence,
    }


def _statement(finding: Finding) -> dict[str, Any]:
    effects = finding.effects
    return {
        "text": finding.statement.text,
        "position": _position(finding.place, finding.statement.offset),
        "kind": finding.statement.kind,
        "operations": [each.kind for each in finding.operations],
        "class": str(finding.statement.statement_class),
        "known": effects.known,
        "locks": [{"relation": str(each.relation), "mode": str(each.mode)} for each in effects.locks],
        "unnamed_lock": None
        if effects.unnamed is None
        else {
            "what": effects.unnamed.what,
            "mode": str(effects.unnamed.mode),
            "rewritten": effects.unnamed.rewritten,
        },
        "rewrites": _names(effects.rewrites),
        "scans": _names(effects.scans),
        "rebuilds": _names(effects.rebuilds),
        "transactional": effects.transactional,
        "certain": effects.certain,
        "doubt": effects.doubt,
        "traced": finding.traced,
        "hazards": [_hazard(each) for each in finding.hazards],
    }


def _position(place: Place, offset: int) -> dict[str, Any]:
    return {
        "path": place.path,
        "line": place.line,
        "column": place.column,
        "offset": offset,
        "step": place.step,
        "part": str(place.part),
        "index": place.index,
    }


def _hazard(hazard: Hazard) -> dict[str, Any]:
    return {
        "rule": hazard.rule,
        "severity": str(hazard.severity),
        "sentence": hazard.sentence,
        "safer": None if hazard.safer is None else _safer(hazard.safer),
        "source": hazard.source,
        "also": list(hazard.also),
        "silenced": hazard.silenced,
        "weight": hazard.weight,
    }


def _safer(safer: Safer) -> dict[str, Any]:
    return {
        "sentence": safer.sentence,
        "sql": safer.sql,
        "steps": [{"id": each.id, "title": each.title, "phase": each.phase, "yaml": each.yaml} for each in safer.steps],
        "fixable": safer.fixable,
    }


def _names(names: tuple[Name, ...]) -> list[str]:
    return [str(each) for each in names]
