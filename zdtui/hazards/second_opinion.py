"""What squawk says of plans and files of SQL, beside our own findings. Runs its program; talks to no server."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from zdtui.hazards.hazard import Finding, Part
from zdtui.hazards.rules import SAME_AS_SQUAWK
from zdtui.hazards.squawk import Said, Script, squawk
from zdtui.hazards.squawk_merge import merged
from zdtui.plan.model import Plan, SqlRollback


@dataclass(frozen=True, slots=True)
class Asked:
    """A text that squawk is asked about, and for each of its statements the place among the findings."""

    script: Script
    places: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Opinion:
    """Findings with squawk's among them, input by input, and one sentence when it could not be asked."""

    findings: tuple[tuple[Finding, ...], ...]
    note: str = ""


def second_opinion(
    inputs: Sequence[tuple[tuple[Finding, ...], Sequence[Asked]]], version: int, *, in_plan: bool
) -> Opinion:
    """Squawk is asked once about the texts of all inputs. The steps of plans are transactions."""
    asked = [(place, each) for place, (_, texts) in enumerate(inputs) for each in texts]
    if not asked:
        return Opinion(tuple(findings for findings, _ in inputs))
    answer = squawk(tuple(each.script for _, each in asked), version, in_transaction=in_plan)
    said: dict[int, dict[int, list[Said]]] = {}
    for one in answer.said:
        place, text = asked[one.script]
        said.setdefault(place, {}).setdefault(text.places[one.span], []).append(one)
    told = (
        merged(findings, said.get(place, {}), SAME_AS_SQUAWK, in_plan=in_plan)
        for place, (findings, _) in enumerate(inputs)
    )
    return Opinion(tuple(told), answer.note)


def with_second_opinion(plan: Plan, findings: tuple[Finding, ...], version: int) -> tuple[tuple[Finding, ...], str]:
    """The findings of the plan with squawk's among them, and one sentence when it could not be asked.

    Only the author's own SQL is asked about; what a backfill or copy amounts to is ours.
    """
    opinion = second_opinion([(findings, asked_of_plan(plan, findings))], version, in_plan=True)
    return opinion.findings[0], opinion.note


def asked_of_plan(plan: Plan, findings: tuple[Finding, ...]) -> tuple[Asked, ...]:
    """The author's own SQL, part by part."""
    return tuple(_of_plan(plan, findings))


def _of_plan(plan: Plan, findings: tuple[Finding, ...]) -> Iterator[Asked]:
    places: dict[tuple[str | None, Part], list[int]] = {}
    for place, finding in enumerate(findings):
        places.setdefault((finding.place.step, finding.place.part), []).append(place)
    for step in plan.steps:
        if (own := step.action.author_sql) is not None:
            yield asked_of_text(own.sql, findings, places.get((step.id, Part.ACTION), ()))
        if isinstance(step.rollback, SqlRollback):
            yield asked_of_text(step.rollback.sql, findings, places.get((step.id, Part.ROLLBACK), ()))


def asked_of_text(text: str, findings: tuple[Finding, ...], places: Sequence[int]) -> Asked:
    """A text whose statements are the findings at these places."""
    statements = [findings[place].statement for place in places]
    return Asked(Script(text, tuple((each.offset, each.offset + len(each.text)) for each in statements)), tuple(places))
