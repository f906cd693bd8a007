"""Squawk's findings beside ours: what both say is said once, what our runner settles is left out. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from zdtui.hazards.hazard import Finding, Hazard, Part, Safer, Severity
from zdtui.hazards.squawk import SYNTAX_ERROR, Said

SOURCE = "squawk"

LEFT_OUT_OF_PLANS: Mapping[str, str] = {
    "require-timeout-settings": "every statement of a plan is run under the plan's own limits",
    "require-lock-timeout": "every statement of a plan is run under the plan's own lock_timeout",
    "require-statement-timeout": "every statement of a plan is run under the plan's own statement_timeout",
    "ban-concurrent-index-creation-in-transaction": "a step with such a statement is run outside a transaction",
    "ban-uncommitted-transaction": "a plan holds no BEGIN and COMMIT; the runner commits",
    "transaction-nesting": "a plan holds no BEGIN and COMMIT; loading it says so",
}
"""Rules of squawk that cannot know how a plan is run, and why each is settled there."""

LEFT_OUT_IN_TRANSACTIONS: Mapping[str, str] = {
    "prefer-robust-stmts": "a step of statements that a transaction takes is run whole or not at all",
}
"""The same, but of a plan's statements that run outside of a transaction they are told."""

LEFT_OUT: Mapping[str, str] = {
    "require-table-schema": "off in squawk itself unless asked for; the search path is the application's business",
}
"""Rules of squawk that are left out everywhere."""

LEFT_OUT_OF_ROLLBACKS: Mapping[str, str] = {
    f"ban-drop-{name}": "a rollback takes away what its step made; what is lost with it our own rules say"
    for name in ("column", "table", "constraint", "default", "not-null", "index", "view", "function", "trigger", "type")
} | {
    f"ban-drop-{name}": "a rollback takes away what its step made"
    for name in ("schema", "sequence", "domain", "extension", "policy", "generated-expression")
}
"""The same of what is run to go back: rollbacks of a plan and down migrations."""

NOTES = frozenset(
    {"prefer-bigint-over-int", "prefer-bigint-over-smallint", "prefer-identity", "prefer-text-field"}
    | {"prefer-timestamp-tz", "prefer-timestamptz", "ban-char-field", "prefer-repack", "unused-ignore"}
    | {"prefer-robust-stmts", "require-enum-value-ordering", "require-timeout-settings", "require-lock-timeout"}
    | {"require-statement-timeout", SYNTAX_ERROR}
)
"""Rules of squawk about style, or about what cannot be seen in the text: everything else of it is a warning."""


def merged(
    findings: tuple[Finding, ...],
    said: Mapping[int, Iterable[Said]],
    same: Mapping[str, Iterable[str]],
    *,
    in_plan: bool,
) -> tuple[Finding, ...]:
    """The findings with what squawk said of each, by the finding's place in the tuple.

    `same` names for each of our rules the rules of squawk that say the same. Nothing of squawk's is ever a stop.
    """
    return tuple(
        _with(finding, list(said.get(place, ())), same, in_plan) if place in said else finding
        for place, finding in enumerate(findings)
    )


def _with(finding: Finding, said: list[Said], same: Mapping[str, Iterable[str]], in_plan: bool) -> Finding:
    wanted = [each for each in said if not _left_out(finding, each.rule, in_plan)]
    names = dict.fromkeys(each.rule for each in wanted)
    ours = tuple(_also(hazard, names, same) for hazard in finding.hazards)
    known = {rule for hazard in ours for rule in hazard.also}
    looked_at = frozenset(rule for alike in same.values() for rule in alike) if finding.effects.known else frozenset()
    theirs = dict.fromkeys(_hazard(each, each.rule in looked_at) for each in wanted if each.rule not in known)
    return replace(finding, hazards=(*ours, *theirs))


def _left_out(finding: Finding, rule: str, in_plan: bool) -> bool:
    if rule == SYNTAX_ERROR and finding.effects.known:
        return True
    if rule in LEFT_OUT or (finding.place.part is Part.ROLLBACK and rule in LEFT_OUT_OF_ROLLBACKS):
        return True
    settled = rule in LEFT_OUT_OF_PLANS or (rule in LEFT_OUT_IN_TRANSACTIONS and finding.effects.transactional)
    return in_plan and settled


def _also(hazard: Hazard, names: Iterable[str], same: Mapping[str, Iterable[str]]) -> Hazard:
    alike = frozenset(same.get(hazard.rule, ()))
    found = tuple(name for name in names if name in alike)
    return replace(hazard, also=tuple(dict.fromkeys((*hazard.also, *found)))) if found else hazard


def _hazard(said: Said, looked_at: bool) -> Hazard:
    """Where a rule of ours looked for the same and knew better (the table is new, the scan is spared), it is a note."""
    return Hazard(
        rule=said.rule,
        severity=Severity.NOTE if looked_at or said.rule in NOTES else Severity.WARN,
        sentence=" ".join(said.message.split()),
        safer=Safer(sentence=" ".join(said.help.split())) if said.help.strip() else None,
        source=SOURCE,
    )
