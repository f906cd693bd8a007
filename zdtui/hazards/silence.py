"""Silencing a hazard in a file of SQL, by a comment before the statement. Pure.

`-- zdtui:silence RULE: reason` takes a hazard on, and says why; `-- squawk-ignore RULE` does so for the other linter,
and for ours that says the same.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches

from zdtui.hazards.hazard import Finding, Hazard

COMMENT = re.compile(r"^[ \t]*--[ \t]*(?P<word>zdtui:silence|squawk-ignore)\b[ \t]*(?P<rest>[^\n\r]*)", re.MULTILINE)
OURS = re.compile(r"(?P<rule>[A-Za-z0-9_-]+)[ \t]*(?::[ \t]*(?P<reason>.*))?")


@dataclass(frozen=True, slots=True)
class Silence:
    """A rule that somebody silenced before one statement; without a reason it silences nothing."""

    rule: str
    reason: str
    theirs: bool = False
    """Whether the rule is squawk's."""


def silences(comments: str) -> tuple[Silence, ...]:
    """What the comments before a statement silence."""
    if "--" not in comments:
        return ()
    found: list[Silence] = []
    for comment in COMMENT.finditer(comments):
        rest = comment["rest"].strip()
        if comment["word"] == "squawk-ignore":
            names = re.split(r"[\s,]+", rest)
            found += [Silence(name, f"squawk-ignore {name}", theirs=True) for name in names if name]
        elif (ours := OURS.fullmatch(rest)) is not None:
            found.append(Silence(ours["rule"], (ours["reason"] or "").strip()))
        else:
            found.append(Silence(rest[:60], ""))
    return tuple(found)


def silenced(
    text: str, findings: tuple[Finding, ...], same: Mapping[str, Iterable[str]], known: Collection[str] = ()
) -> tuple[tuple[Finding, ...], tuple[str, ...]]:
    """The findings of one file with what its comments silence, and a sentence for each silence that does nothing.

    `known` are the names that hazards have; of none that is not among them is anything said when it is empty.
    """
    done, notes, end = [], [], 0
    for finding in findings:
        said = silences(text[end : finding.statement.offset])
        end = finding.statement.offset + len(finding.statement.text)
        notes += [_no_reason(finding, each) for each in said if not each.reason]
        with_reason = [each for each in said if each.reason]
        wrong = [each.rule for each in with_reason if known and not each.theirs and each.rule not in known]
        where = f"{finding.place.path}:{finding.place.line}: the comment before this statement"
        notes += [silences_nothing(where, rule, known) for rule in wrong]
        hazards = tuple(_silenced(hazard, with_reason, same) for hazard in finding.hazards)
        done.append(replace(finding, hazards=hazards) if with_reason else finding)
    return tuple(done), tuple(notes)


def silences_nothing(where: str, rule: str, known: Collection[str]) -> str:
    """A sentence for a silence whose rule nobody has; `known` are the names there are."""
    near = get_close_matches(rule, known, n=1)
    meant = f"did you mean {near[0]!r}?" if near else "zdtui explain lists them"
    return f"{where} silences {rule!r}, which no hazard is called; {meant}"


def _silenced(hazard: Hazard, said: list[Silence], same: Mapping[str, Iterable[str]]) -> Hazard:
    for each in said:
        if each.rule == hazard.rule or (each.theirs and each.rule in same.get(hazard.rule, ())):
            return replace(hazard, silenced=each.reason)
    return hazard


def _no_reason(finding: Finding, silence: Silence) -> str:
    place = finding.place
    rule = silence.rule or "RULE"
    return (
        f"{place.path}:{place.line}: the comment before this statement silences nothing; "
        f"say why: -- zdtui:silence {rule}: the reason"
    )
