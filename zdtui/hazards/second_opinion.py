"""What squawk says of a plan, beside our own findings. Runs its program; talks to no server."""

from collections.abc import Iterator

from zdtui.hazards.hazard import Finding, Part
from zdtui.hazards.rules import SAME_AS_SQUAWK
from zdtui.hazards.squawk import Said, Script, squawk
from zdtui.hazards.squawk_merge import merged
from zdtui.plan.model import Plan, SqlAction, SqlRollback, StepId

Places = dict[tuple[StepId | None, Part], list[int]]


def with_second_opinion(plan: Plan, findings: tuple[Finding, ...], version: int) -> tuple[tuple[Finding, ...], str]:
    """The findings of the plan with squawk's among them, and one sentence when it could not be asked.

    Only the author's own SQL is asked about; what a backfill or copy amounts to is ours.
    """
    asked = list(scripts_of_plan(plan, findings))
    answer = squawk(tuple(script for script, _ in asked), version, in_transaction=True)
    said: dict[int, list[Said]] = {}
    for each in answer.said:
        said.setdefault(asked[each.script][1][each.span], []).append(each)
    return merged(findings, said, SAME_AS_SQUAWK, in_plan=True), answer.note


def scripts_of_plan(plan: Plan, findings: tuple[Finding, ...]) -> Iterator[tuple[Script, list[int]]]:
    """The author's own SQL, part by part, and for each of its statements the place among the findings."""
    places: Places = {}
    for place, finding in enumerate(findings):
        places.setdefault((finding.place.step, finding.place.part), []).append(place)
    for step in plan.steps:
        if isinstance(step.action, SqlAction):
            yield _script(step.action.sql, findings, places.get((step.id, Part.ACTION), []))
        if isinstance(step.rollback, SqlRollback):
            yield _script(step.rollback.sql, findings, places.get((step.id, Part.ROLLBACK), []))


def _script(text: str, findings: tuple[Finding, ...], places: list[int]) -> tuple[Script, list[int]]:
    statements = [findings[place].statement for place in places]
    return Script(text, tuple((each.offset, each.offset + len(each.text)) for each in statements)), places
