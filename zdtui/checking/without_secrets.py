"""Findings without the passwords their statements hold: a check is printed, and kept by those who run it. Pure."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from pydantic_core import PydanticSerializationError, to_json

from zdtui.drawable import drawable_json
from zdtui.hazards.hazard import Finding, Hazard, Safer
from zdtui.sql.text.secrets import is_likely, mask_for, masked, values_without_secrets

ESCAPED_LETTERS = ("\\u017f", "\\u212a")
"""The long s and the sign for kelvin."""


def without_secrets(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The same findings; what any of their statements holds is struck out of all, before it is cut or folded."""
    known = tuple(findings)
    mask = mask_for(each.statement.text for each in known)
    return known if mask is masked else tuple(_finding(each, mask) for each in known)


def json_without_secrets(document: dict[str, Any]) -> str:
    """The document as JSON for people and programs, with passwords struck out of every text in it."""
    written = whole_json(document)
    return whole_json(values_without_secrets(document)) if _may_hold_one(written) else written


def whole_json(document: dict[str, Any]) -> str:
    """As `drawable_json` writes it, in a quarter of the time where all of it is ASCII. For documents without floats."""
    try:
        written = to_json(document, indent=2)
    except PydanticSerializationError:  # half of a character
        return drawable_json(document, indent=2)
    if not written.isascii():
        return drawable_json(document, indent=2)
    return written.decode("ascii").replace("\x7f", "\\u007f")


def _may_hold_one(written: str) -> bool:
    """Asked of the whole at once: seldom there is one. Letters that count as ASCII ones without case are escaped."""
    return is_likely(written) or any(letter in written for letter in ESCAPED_LETTERS)


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
