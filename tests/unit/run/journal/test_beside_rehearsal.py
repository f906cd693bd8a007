"""A real run beside its rehearsal: what took longer, what was tried again, who waited, and what is not to be compared."""

from collections.abc import Iterable

from tests.unit.evidence.made import FORWARD, evidence, seen
from tests.unit.run.plans import RUN, START, fold, opened, plan, started
from zdtui.evidence.model import Evidence, StepEvidence
from zdtui.plan.model import StepId
from zdtui.run.journal.beside_rehearsal import compared_lines, pairs
from zdtui.run.model import events as e

TOUR = plan()
ADD, FILL = TOUR.step("add"), TOUR.step("fill")


def recorded(events: Iterable[e.Event]) -> list[e.Recorded]:
    return [
        e.Recorded(run=RUN, sequence=n, at=START, operator="ana@bastion", event=event)
        for n, event in enumerate(events, 1)
    ]


def beside(of: Evidence, *events: e.Event) -> list[str]:
    whole = (opened(TOUR), *events)
    return list(compared_lines(TOUR, of, fold(*whole), recorded(whole)))


def part(lines: list[str], step: str) -> str:
    """What is said of that step."""
    return "\n".join(lines).partition(f"\n\n{step}")[2].partition("\n\n")[0]


def rehearsed(seconds: float, rows: int | None = None) -> StepEvidence:
    return seen(ADD, legs=(FORWARD.model_copy(update={"seconds": seconds, "rows": rows}),))


def ran(seconds: float, rows: int | None = None, **who: float) -> tuple[e.Event, ...]:
    return (started(TOUR, "add"), e.StepSucceeded(step=ADD.id, seconds=seconds, rows=rows, **who))


def test_times_stand_beside_each_other_with_a_bar_each() -> None:
    lines = beside(evidence(TOUR, [rehearsed(2.0)]), *ran(6.0))
    assert lines[0] == "tour: the run 00000000 in shop on db1:5432 beside its rehearsal on staging"
    add = part(lines, "add")
    assert add.startswith(": 3.0 x as long\n")
    assert f"  rehearsed    2.0 s  {'█' * 10}\n" in add + "\n"
    assert f"  run          6.0 s  {'█' * 30}\n" in add + "\n"
    assert lines[-1] == "1 step in both: 2.0 s rehearsed, 6.0 s in the run"


def test_what_is_next_to_nothing_is_not_told_as_many_times() -> None:
    of = fold(opened(TOUR), *ran(0.02))
    (first, *_) = pairs(TOUR, evidence(TOUR, [rehearsed(0.001)]), of, [])
    assert first.factor is None
    assert part(beside(evidence(TOUR, [rehearsed(2.0)]), *ran(2.1)), "add").startswith("\n"), "the same, or nearly"
    assert part(beside(evidence(TOUR, [rehearsed(2.0)]), *ran(1.0)), "add").startswith(": 2.0 x as fast")


def test_what_the_rehearsal_did_not_have_is_told() -> None:
    given_up = e.AttemptFailed(
        step=ADD.id, try_number=1, sqlstate="55P03", message="no", waited=0.2, retry_in=1, victims=2, victim_seconds=0.4
    )
    first, last = ran(1.0, rows=900, victims=3, victim_seconds=0.5)
    add = part(beside(evidence(TOUR, [rehearsed(1.0, rows=9)]), first, given_up, last), "add")
    assert "1 try for its locks given up; none in the rehearsal" in add
    assert "3 sessions waited behind it, 500 ms together; the slowest answer in the rehearsal was 20 ms" in add
    assert "900 rows; 9 rows in the rehearsal" in add


def test_another_text_on_either_side_is_said() -> None:
    other = e.StepStarted(step=ADD.id, direction=e.Direction.FORWARD, attempt=1, sql_digest="00", confirmed_by="y")
    lines = beside(evidence(TOUR, [seen(ADD, digest="00")]), other, e.StepSucceeded(step=ADD.id, seconds=1))
    assert "the run was of another text than the plan has now" in part(lines, "add")
    assert "the rehearsal was of another text than the plan has now" in part(lines, "add")


def test_a_step_of_one_side_only_has_a_dash_on_the_other() -> None:
    lines = beside(evidence(TOUR, [seen(FILL)]), started(TOUR, "add"), e.StepSucceeded(step=StepId("add"), seconds=1))
    assert "  rehearsed        -  not rehearsed" in part(lines, "add")
    assert "  run              -  pending" in part(lines, "fill")
    assert lines[-1] == "no step was both rehearsed and run to its end"
