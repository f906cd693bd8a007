"""What evidence is worth for a step at this place, and how that is said."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.evidence.made import FORWARD, USERS, WHEN, evidence, seen
from tests.unit.run.plans import plan
from zdtui.evidence.markdown import report
from zdtui.evidence.model import Outcome, RelationSize, RollbackVerdict, StepEvidence, Way
from zdtui.evidence.standing import Here, Kept, Proof, Standing, standing
from zdtui.evidence.told import Tone, ago, headline, lines
from zdtui.fingerprint.verdict import ButFor, Change, Difference, Named, Verdict, VerdictKind
from zdtui.plan.model import SqlAction, Step, WaitAction
from zdtui.sql.statement import StatementClass

PLAN = plan()
STEP = PLAN.steps[0]
TWO_DAYS_ON = WHEN + timedelta(days=2, hours=3)
WEEK = timedelta(days=7)
MB = 1024 * 1024
DIFFERS = Verdict(
    kind=VerdictKind.DIFFERS,
    differences=(
        Difference(
            kind="INDEX", name="public.users_email", change=Change.MISSING, lines=("- CREATE INDEX users_email",)
        ),
        Difference(kind="TABLE", name="public.t", change=Change.LEFT),
    ),
).lines
BUT = Verdict(
    kind=VerdictKind.EXACT_BUT, but_for=(Named(what=ButFor.COLUMN_ORDER, of="public.users"),), told=("1 hole",)
).lines


def stands(of: StepEvidence | None = None, step: Step = STEP, here: Here | None = None, **more: Any) -> Standing:
    kept = Kept(evidence(PLAN, [of or seen(STEP)]))
    return standing(step, kept, here or Here(), more.pop("now", TWO_DAYS_ON), **more)


SCANNED: dict[str, Any] = {
    "legs": (FORWARD.model_copy(update={"scans": (USERS,)}),),
    "sizes": (RelationSize(relation=USERS, bytes=50 * MB),),
}


def grown(size_then: int, size_now: int, **changes: Any) -> Standing:
    """Of a step that read users whole."""
    leg = FORWARD.model_copy(update={"scans": (USERS,)})
    sizes = (RelationSize(relation=USERS, bytes=size_then), RelationSize(relation="public.other", bytes=5))
    return stands(
        seen(STEP, legs=(leg,), sizes=sizes, **changes), here=Here(sizes={USERS: size_now, "public.other": 5})
    )


def test_it_is_said_as_it_was_asked_for() -> None:
    told = "rehearsed 2 days ago on staging: 3.1 s, ACCESS EXCLUSIVE on users 14 ms, worst stall 20 ms, rollback exact"
    assert lines(stands()) == ((told, Tone.FINE),)


@pytest.mark.parametrize(
    ("changes", "proof", "words"),
    [
        ({"digest": "00"}, Proof.OTHER_TEXT, "not rehearsed as it is written now"),
        ({"outcome": Outcome.FAILED, "why": "23505 unique_violation"}, Proof.FAILED, "FAILED: 23505"),
        ({"outcome": Outcome.PASSED_OVER, "why": "a manual step"}, Proof.NOT_REHEARSED, "not rehearsed: a manual step"),
        (
            {"rollback": RollbackVerdict.DIFFERS, "differences": DIFFERS},
            Proof.NOT_EXACT,
            "rollback DIFFERS: index public.users_email is missing (and 1 more)",
        ),
        ({"rollback": RollbackVerdict.FAILED}, Proof.NOT_EXACT, "rollback FAILED"),
        ({"rollback": RollbackVerdict.NOT_COMPARED}, Proof.NOT_EXACT, "rollback not compared"),
    ],
)
def test_what_proves_nothing_is_loud_and_lacks(changes: dict[str, Any], proof: Proof, words: str) -> None:
    of = stands(seen(STEP, **changes))
    assert of.proof is proof
    sentence, tone = headline(of)
    assert words in sentence
    assert tone is Tone.BAD
    assert of.lacks(WEEK)


@pytest.mark.parametrize("verdict", [RollbackVerdict.EXACT, RollbackVerdict.EXACT_BUT, RollbackVerdict.NO_ROLLBACK])
def test_what_came_back_but_for_what_is_named_lacks_nothing(verdict: RollbackVerdict) -> None:
    of = stands(seen(STEP, rollback=verdict, differences=BUT if verdict is RollbackVerdict.EXACT_BUT else ()))
    if verdict is RollbackVerdict.EXACT_BUT:
        assert headline(of)[0].endswith("rollback exact but for column order (public.users) (1 hole)")
    assert of.proof is Proof.PROVEN
    assert of.lacks(WEEK) == ""
    assert of.lacks(timedelta(days=1)) == "its rehearsal is older than 1d"


@pytest.mark.parametrize("changed", ["action", "verify", "rollback"])
def test_another_text_in_any_part_of_the_step_is_another_text(changed: str) -> None:
    update = {
        "action": STEP.action.model_copy(update={"sql": "SELECT 2"}),
        "verify": ("SELECT false",),
        "rollback": STEP.rollback.model_copy(update={"sql": "SELECT 3"}),
    }
    assert stands(step=STEP).proof is Proof.PROVEN
    other = STEP.model_copy(update={changed: update[changed]})
    assert stands(step=other).proof is Proof.OTHER_TEXT
    assert stands(step=STEP.model_copy(update={"title": "another", "notes": "another"})).proof is Proof.PROVEN


def test_nothing_beside_the_plan_is_not_rehearsed() -> None:
    of = standing(STEP, Kept(), Here(), TWO_DAYS_ON)
    assert headline(of) == ("not rehearsed", Tone.BAD)
    assert of.lacks(WEEK) == "it was not rehearsed"


def test_what_sends_nothing_has_nothing_to_rehearse() -> None:
    wait = STEP.model_copy(update={"action": WaitAction(duration=timedelta(hours=1))})
    assert standing(wait, Kept(), Here(), TWO_DAYS_ON).lacks(WEEK) == ""


def test_a_rehearsal_of_tomorrow_is_none() -> None:
    assert stands(now=WHEN - timedelta(minutes=5)).lacks(WEEK) == ""
    assert stands(now=WHEN - timedelta(days=1)).lacks(WEEK) == "its rehearsal is dated in the future"


def test_another_version_and_another_schema_are_said() -> None:
    here = Here(major=18, catalog={"columns": "aa", "indexes": "cc", "roles": "dd"})
    assert [each for each, _ in lines(stands(here=here, is_next=True))[1:]] == [
        "it was on PostgreSQL 16, this is 18",
        "the schema there was another than here (indexes)",
    ]
    assert stands(here=here).unlike == ("it was on PostgreSQL 16, this is 18",), "a later step finds another schema"
    assert headline(stands(here=here))[1] is Tone.CAREFUL


def test_times_are_scaled_by_size_and_called_an_estimate() -> None:
    (_, (sentence, tone)) = lines(grown(50 * MB, 200 * MB))
    assert sentence == (
        "here, by size alone: about 12 s, ACCESS EXCLUSIVE on users 56 ms; an estimate,"
        " because users is 200 MB here and was 50 MB there"
    )
    assert tone is Tone.CAREFUL


@pytest.mark.parametrize(("then", "now"), [(8192, 20_000 * MB), (0, 20 * MB), (50 * MB, 50_000 * MB)])
def test_what_was_tiny_says_nothing_of_what_is_large(then: int, now: int) -> None:
    assert "its times say nothing of this place" in lines(grown(then, now))[1][0]


@pytest.mark.parametrize(("then", "now"), [(50 * MB, 52 * MB), (8192, 16384), (0, 0)])
def test_the_same_size_or_next_to_none_is_not_mentioned(then: int, now: int) -> None:
    assert grown(then, now).scaled is None


def test_what_a_load_has_read_is_not_taken_for_the_step_s() -> None:
    """An instant statement reads nothing whole, whatever the counters say that everybody moves."""
    beside_load = replace(grown(50 * MB, 500 * MB), evidence=evidence(PLAN, load="a reader and a writer on users"))
    assert beside_load.step.action.statements[0].statement_class is StatementClass.INSTANT_DDL
    assert beside_load.scaled is None
    index = STEP.model_copy(update={"action": SqlAction(sql="CREATE INDEX CONCURRENTLY i ON users (x)")})
    assert replace(beside_load, step=index, seen=seen(index, **SCANNED)).scaled is not None


def test_what_was_not_seen_is_never_told_as_none() -> None:
    """Locks that nobody saw, and what it read whole: that may have been any table the step touched."""
    blind = (FORWARD.model_copy(update={"locks": None, "scans": None}),)
    told = lines(stands(seen(STEP, legs=blind)))
    assert told[0][0] == "rehearsed 2 days ago on staging: 3.1 s, locks not seen, worst stall 20 ms, rollback exact"
    assert "forward: 3.1 s; locks not seen; what it read whole was not seen" in report(
        evidence(PLAN, [seen(STEP, legs=blind)])
    )
    index = STEP.model_copy(update={"action": SqlAction(sql="CREATE INDEX CONCURRENTLY i ON users (x)")})
    of = stands(seen(index, legs=blind), index, Here(sizes={USERS: 500 * MB}))
    assert "here, by size alone: about 31 s, an" in lines(of)[1][0].replace(";", ",")


def test_a_step_that_reads_no_table_does_not_grow_with_one() -> None:
    assert stands(here=Here(sizes={USERS: 50_000 * MB})).scaled is None
    assert grown(50 * MB, 500 * MB, digest="00").scaled is None, "nor does another text"


@given(st.integers(0, 2**50), st.integers(0, 2**50))
def test_an_estimate_is_never_told_as_what_was_seen(then: int, now: int) -> None:
    for sentence, _ in lines(grown(then, now))[1:]:
        assert "estimate" in sentence or "say nothing" in sentence


@pytest.mark.parametrize(
    ("seconds", "words"), [(-60, "a moment"), (59, "a moment"), (60, "1 minute"), (7300, "2 hours"), (86_400, "1 day")]
)
def test_how_long_ago(seconds: int, words: str) -> None:
    assert ago(timedelta(seconds=seconds)) == f"{words} ago"


def test_the_page_tells_it_with_a_picture_and_acts_on_no_terminal() -> None:
    differs = seen(STEP, rollback=RollbackVerdict.DIFFERS, differences=("a \x1b[31m", "CONNECTION 'password=hunter2'"))
    page = report(evidence(PLAN, [differs, *map(seen, PLAN.steps[1:])]))
    assert f"| {STEP.id} | done | 3.1 s | 200 ms | ACCESS EXCLUSIVE on users 14 ms | 20 ms | DIFFERS" in page
    assert "█" * 40 in page
    assert "The application's slowest answer" in page
    assert "forward: 3.1 s; ACCESS EXCLUSIVE on users 14 ms; WAL 8.0 kB; slowest answer 20 ms; 1 notice" in page
    assert "hunter2" not in page
    assert "\x1b" not in page


def test_a_picture_of_nothing_is_left_out() -> None:
    quiet = seen(STEP, legs=(FORWARD.model_copy(update={"worst_stall": None}),))
    assert "slowest answer" not in report(evidence(PLAN, [quiet])).partition("## ")[2]
    assert seen(STEP).seconds(Way.BACK) == 0.2
