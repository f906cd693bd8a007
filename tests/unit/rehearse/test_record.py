"""What a rehearsal saw of a step becomes evidence: figures of the journal, the worst verdict, never a row."""

import pytest

from tests.integration.run.driver import plan_of, sql_step
from tests.unit.evidence.made import evidence, seen
from zdtui.evidence.model import Evidence, Leg, Outcome, RollbackVerdict, Way, WholeEvidence
from zdtui.fingerprint.verdict import Change, Difference, Verdict, VerdictKind
from zdtui.plan.confirmed import text_digest
from zdtui.rehearse.judged import is_proven
from zdtui.rehearse.load.load import Load
from zdtui.rehearse.load.stalls import KEPT, Answers
from zdtui.rehearse.record import StepRecord, WholeRecord, error_name, with_stalls

EXACT = Verdict(kind=VerdictKind.EXACT)
DIFFERS = Verdict(
    kind=VerdictKind.DIFFERS, differences=(Difference(kind="INDEX", name="public.i", change=Change.LEFT),)
)
FORWARD, BACK = Leg(way=Way.FORWARD, seconds=1), Leg(way=Way.BACK, seconds=2)


@pytest.mark.parametrize(
    ("verdicts", "expected"),
    [
        ([], RollbackVerdict.NOT_COMPARED),
        ([EXACT, EXACT], RollbackVerdict.EXACT),
        ([EXACT, DIFFERS], RollbackVerdict.DIFFERS),
        ([Verdict(kind=VerdictKind.EXACT_BUT), EXACT], RollbackVerdict.EXACT_BUT),
        ([Verdict.unknown("why"), Verdict(kind=VerdictKind.EXACT_BUT)], RollbackVerdict.NOT_COMPARED),
    ],
)
def test_the_worst_of_its_verdicts_counts(verdicts: list[Verdict], expected: RollbackVerdict) -> None:
    record = StepRecord(sql_step("one", "SELECT 1", "SELECT 2"), legs=[FORWARD, BACK], verdicts=verdicts)
    came = record.evidence()
    assert (came.outcome, came.rollback, came.digest) == (Outcome.DONE, expected, text_digest(record.step))


def test_a_step_without_a_rollback_has_nothing_to_prove() -> None:
    came = StepRecord(sql_step("one", "SELECT 1"), legs=[FORWARD]).evidence()
    assert came.rollback is RollbackVerdict.NO_ROLLBACK


def test_a_rollback_that_failed_is_said_so() -> None:
    failed = BACK.model_copy(update={"error": "42P01 UndefinedTable"})
    record = StepRecord(sql_step("one", "SELECT 1", "SELECT 2"), legs=[FORWARD, failed], failed="back it failed")
    assert (record.evidence().outcome, record.evidence().rollback) == (Outcome.FAILED, RollbackVerdict.FAILED)


def test_what_was_not_reached_is_passed_over() -> None:
    came = StepRecord(sql_step("one", "SELECT 1")).evidence()
    assert (came.outcome, came.why) == (Outcome.PASSED_OVER, "it was not reached")


def test_an_error_is_told_by_its_name() -> None:
    assert error_name("23505") == "23505 UniqueViolation"
    assert error_name("ZZ999") == "ZZ999"


def test_all_the_way_is_one_leg_a_direction() -> None:
    whole = WholeRecord(legs=[BACK, BACK, FORWARD, FORWARD], verdicts=[EXACT, DIFFERS]).evidence()
    assert whole is not None
    assert [(leg.way, leg.seconds) for leg in whole.legs] == [(Way.BACK, 4), (Way.FORWARD, 2)]
    assert whole.rollback is RollbackVerdict.DIFFERS
    assert WholeRecord().evidence() is None
    broken_off = WholeRecord(failed="it was broken off").evidence()
    assert broken_off is not None
    assert broken_off.outcome is Outcome.FAILED


def test_the_longest_wait_that_falls_into_a_leg() -> None:
    answers = Answers()
    for who, asked, came in ((1, 0.0, 0.5), (2, 0.9, 3.0), (3, 3.5, 3.6)):
        answers.asked(who, asked)
        answers.came(who, came)
    answers.asked(4, 4.0)
    legs = with_stalls([FORWARD, BACK, FORWARD, BACK], [(1.0, 2.0), None, (3.2, 3.4), (4.5, 6.0)], answers.worst_stall)
    assert [leg.worst_stall for leg in legs] == [pytest.approx(2.1), None, None, pytest.approx(2.0)]


def test_no_long_wait_is_forgotten_however_many_answers_there_are() -> None:
    """In a long move, and in one that was over long ago: the waits of both are still told at the end."""
    answers = Answers()
    answers.add(1.0, 6.0)
    first = with_stalls([FORWARD], [(0.0, 9.0)], answers.worst_stall)
    for number in range(3 * KEPT):
        answers.add(10 + number / 1000, 10.001 + number / 1000)
    assert len(answers.answered) <= KEPT
    assert answers.worst_stall(0.0, 1e9) == 5.0
    assert [leg.worst_stall for leg in with_stalls(first, [(0.0, 9.0)], lambda begun, ended: None)] == [5.0]


def test_what_is_not_known_of_one_way_is_not_known_of_all() -> None:
    known = BACK.model_copy(update={"wal_bytes": 5})
    whole = WholeRecord(legs=[known, BACK, FORWARD.model_copy(update={"wal_bytes": 7})]).evidence()
    assert whole is not None
    assert [leg.wal_bytes for leg in whole.legs] == [None, 7]


def test_what_the_load_met_says_what_it_comes_of() -> None:
    load = Load(described="a reader and a writer on each of users")
    assert load.told == "a reader and a writer on each of users"
    load.answers.failed("FeatureNotSupported")
    assert load.told == (
        "a reader and a writer on each of users; it met errors, as the application would:"
        " FeatureNotSupported (a prepared statement whose columns a step had changed) 1 time"
    )


def came_to(*rollbacks: RollbackVerdict) -> Evidence:
    plan = plan_of(*(sql_step(f"s{number}", "SELECT 1") for number, _ in enumerate(rollbacks)))
    return evidence(plan, [seen(step, rollback=each) for step, each in zip(plan.steps, rollbacks, strict=True)])


def test_the_exit_code_is_for_the_whole() -> None:
    assert is_proven(came_to(RollbackVerdict.EXACT, RollbackVerdict.NO_ROLLBACK))
    assert not is_proven(came_to(RollbackVerdict.EXACT, RollbackVerdict.DIFFERS))
    assert not is_proven(came_to(RollbackVerdict.NOT_COMPARED))
    assert not is_proven(came_to()), "nothing was gone"
    left_out = came_to(RollbackVerdict.EXACT, RollbackVerdict.EXACT)
    last = left_out.steps[1].model_copy(update={"outcome": Outcome.PASSED_OVER})
    left_out = left_out.model_copy(update={"steps": (left_out.steps[0], last)})
    assert not is_proven(left_out), "nobody asked for that"
    assert is_proven(left_out, all_steps=False)
    whole = WholeEvidence(outcome=Outcome.DONE, rollback=RollbackVerdict.DIFFERS)
    assert not is_proven(came_to(RollbackVerdict.EXACT).model_copy(update={"whole": whole}))
