"""Preflight checks: what did earlier runs leave, and is this run still the one it was? Pure."""

import re

from zdtui.postgres.preflight import OnTable, SessionFacts
from zdtui.run.preflight.board import Check
from zdtui.run.preflight.judge import Judge, PreflightInput, ago, judged, judged_if_seen, ok, several, stop, warn


def nobody_else(at: PreflightInput) -> Check:
    """The run is ours to conduct."""
    name = "the run"
    if at.holder is not None:
        return stop(name, f"held by {at.holder}", "look on, or take over once that console has ended")
    return ok(name, "nobody else holds it")


def plan_unchanged(at: PreflightInput) -> Check | None:
    """The plan's text is the one the run began with (or was amended to)."""
    name = "plan text"
    if at.run.opened is None:
        return None
    if at.run.plan_digest != at.plan.digest:
        return stop(name, "it was changed since the run began", "restore it, or open the run with --amend REASON")
    return ok(name, "unchanged since the run began")


def no_leftover_backends(at: PreflightInput) -> Check:
    """No session of an earlier console still works."""
    name = "our other sessions"

    def look(sessions: tuple[SessionFacts, ...]) -> Check:
        if sessions:
            return warn(
                name,
                several(f"{each.who} {each.state}, {ago(each.age)}" for each in sessions),
                "wait until they are done, or terminate them from the queries pane",
            )
        return ok(name, "no session of an earlier console is at work")

    return judged_if_seen(at, name, at.facts.leftover_backends, look)


def no_invalid_indexes(at: PreflightInput) -> Check:
    """No build left an index that only costs."""
    name = "invalid indexes"

    def look(indexes: tuple[OnTable, ...]) -> Check:
        if indexes:
            return warn(
                name,
                several(f"{each.name} on {each.table}" for each in indexes),
                "DROP INDEX CONCURRENTLY them: writes still maintain them, nothing reads them",
            )
        return ok(name, "none on the plan's tables")

    return judged(name, at.facts.invalid_indexes, look)


def triggers_explained(at: PreflightInput) -> Check:
    """No trigger on the plan's tables that this run did not make."""
    name = "triggers"

    def look(triggers: tuple[OnTable, ...]) -> Check:
        strange = _unexplained(at, triggers)
        if strange:
            return warn(
                name,
                f"not made by this run: {several(f'{each.name} on {each.table}' for each in strange)}",
                "make sure they may fire for every row a step changes, or drop what an earlier run left",
            )
        return ok(name, "none that this run did not make")

    return judged(name, at.facts.triggers, look)


def constraints_validated(at: PreflightInput) -> Check:
    """No constraint on the plan's tables was left NOT VALID."""
    name = "NOT VALID constraints"

    def look(constraints: tuple[OnTable, ...]) -> Check:
        strange = _unexplained(at, constraints)
        if strange:
            return warn(
                name,
                f"not made by this run: {several(f'{each.name} on {each.table}' for each in strange)}",
                "VALIDATE or drop what an earlier run left",
            )
        return ok(name, "none that this run did not make")

    return judged(name, at.facts.not_valid, look)


def _unexplained(at: PreflightInput, found: tuple[OnTable, ...]) -> list[OnTable]:
    """What no step that is in effect has in its text."""
    in_effect = (step.action.author_sql for step in at.plan.steps if at.run.step(step.id).applied)
    texts = [own.sql for own in in_effect if own is not None]
    return [each for each in found if not any(_names(text, each.name) for text in texts)]


def _names(text: str, name: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text, re.IGNORECASE) is not None


CHECKS: tuple[Judge, ...] = (
    nobody_else,
    plan_unchanged,
    no_leftover_backends,
    no_invalid_indexes,
    triggers_explained,
    constraints_validated,
)
