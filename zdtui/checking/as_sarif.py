"""A check as SARIF 2.1.0, which code hosts and editors read. Pure.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

import hashlib
from typing import Any
from urllib.parse import quote

from zdtui import __version__
from zdtui.checking.checked import Checked, Problem
from zdtui.checking.without_secrets import json_without_secrets
from zdtui.collecting import fewer_collections
from zdtui.hazards.hazard import Finding, Hazard, Severity

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
LEVELS = {Severity.STOP: "error", Severity.WARN: "warning", Severity.NOTE: "note"}


@fewer_collections()
def as_sarif(checked: Checked) -> str:
    """One run with a result for each hazard; those that somebody silenced are suppressed, with the reason."""
    rules = _rules(checked)
    places = {rule["id"]: place for place, rule in enumerate(rules)}
    results = [_result(finding, each, places) for finding in checked.findings for each in finding.hazards]
    run = {
        "tool": {"driver": {"name": "zdtui", "semanticVersion": __version__, "rules": rules}},
        "columnKind": "unicodeCodePoints",
        "invocations": [
            {
                "executionSuccessful": not checked.problems,
                "toolConfigurationNotifications": [_problem(each) for each in checked.problems],
                "toolExecutionNotifications": [_note(each) for each in checked.notes],
            }
        ],
        "results": results,
    }
    return json_without_secrets({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}) + "\n"


def _rules(checked: Checked) -> list[dict[str, Any]]:
    """Each rule once, in the order of the alphabet, with the worst that was found of it as its level."""
    worst: dict[str, Hazard] = {}
    for hazard in checked.hazards:
        known = worst.get(_id(hazard))
        if known is None or hazard.severity.rank > known.severity.rank:
            worst[_id(hazard)] = hazard
    return [_rule(name, worst[name]) for name in sorted(worst)]


def _rule(name: str, hazard: Hazard) -> dict[str, Any]:
    said = hazard.rule.replace("-", " ")
    return {
        "id": name,
        "shortDescription": {"text": said[:1].upper() + said[1:]},
        "defaultConfiguration": {"level": LEVELS[hazard.severity]},
        "properties": {"source": hazard.source},
    }


def _id(hazard: Hazard) -> str:
    return hazard.rule if hazard.source == "zdtui" else f"{hazard.source}/{hazard.rule}"


def _result(finding: Finding, hazard: Hazard, places: dict[str, int]) -> dict[str, Any]:
    rule = _id(hazard)
    result: dict[str, Any] = {
        "ruleId": rule,
        "ruleIndex": places[rule],
        "level": LEVELS[hazard.severity],
        "message": {"text": _message(hazard)},
        "locations": [_location(finding)],
        "partialFingerprints": {"statement/v1": _fingerprint(finding, rule)},
    }
    if hazard.silenced is not None:
        result["suppressions"] = [{"kind": "inSource", "justification": hazard.silenced}]
    return result


def _message(hazard: Hazard) -> str:
    safer = "" if hazard.safer is None else f"Safer: {hazard.safer.sentence}"
    return " ".join(part for part in (hazard.sentence, _now(hazard), safer) if part)


def _now(hazard: Hazard) -> str:
    return f"Now: {hazard.weight}." if hazard.weight else ""


def _location(finding: Finding) -> dict[str, Any]:
    place, text = finding.place, finding.statement.text
    region: dict[str, Any] = {"startLine": place.line, "startColumn": place.column, "snippet": {"text": text}}
    location: dict[str, Any] = {"physicalLocation": {"artifactLocation": {"uri": _uri(place.path)}, "region": region}}
    if place.step is not None:
        location["logicalLocations"] = [{"name": place.step, "fullyQualifiedName": f"{place.step}/{place.part}"}]
    return location


def _uri(path: str) -> str:
    """A relative path stays relative to where the check ran; the standard input has a name that is no file's."""
    if path == "-":
        return "stdin"
    escaped = quote(path.encode(errors="surrogateescape"))
    return f"file://{escaped}" if path.startswith("/") else escaped


def _fingerprint(finding: Finding, rule: str) -> str:
    """The same while the statement's words are, wherever in the file it moves."""
    said = " ".join(finding.statement.text.split())
    return hashlib.sha256(f"{rule}\n{said}".encode(errors="surrogatepass")).hexdigest()[:32]


def _problem(problem: Problem) -> dict[str, Any]:
    location: dict[str, Any] = {"artifactLocation": {"uri": _uri(problem.path)}}
    if problem.line:
        location["region"] = {"startLine": problem.line, "startColumn": problem.column}
    return {
        "level": "error",
        "message": {"text": problem.sentence},
        "locations": [{"physicalLocation": location}],
    }


def _note(note: str) -> dict[str, Any]:
    return {"level": "note", "message": {"text": note}}
