"""A step that is rehearsed by itself is known better; what was known of the others stays."""

from datetime import timedelta

from tests.unit.evidence.made import WHEN, evidence, seen
from tests.unit.run.plans import plan
from zdtui.evidence.file import parsed, written
from zdtui.evidence.merged import with_steps
from zdtui.evidence.model import RollbackVerdict
from zdtui.evidence.standing import Here, Kept, standing
from zdtui.evidence.told import headline

PLAN = plan()
ADD, FILL = PLAN.step("add"), PLAN.step("fill")
NEWER = evidence(
    PLAN, [seen(ADD)], target="scratch", scratch=True, server_version="18.4", rehearsed_at=WHEN + timedelta(days=3)
)


def test_the_first_is_as_it_is() -> None:
    assert with_steps(None, NEWER, PLAN) == NEWER
    assert with_steps(evidence(PLAN, plan_name="other"), NEWER, PLAN) == NEWER


def test_each_step_says_where_and_when_it_was() -> None:
    before = evidence(PLAN, [seen(FILL), seen(ADD, rollback=RollbackVerdict.FAILED)])
    both = with_steps(before, NEWER, PLAN)
    assert parsed(written(both), "p") == both
    assert [each.step for each in both.steps] == ["add", "fill"], "in the plan's order"
    now = WHEN + timedelta(days=5)
    add, fill = (standing(step, Kept(both), Here(18), now) for step in (ADD, FILL))
    assert headline(add)[0].startswith("rehearsed 2 days ago on a scratch server: 3.1 s")
    assert headline(fill)[0].startswith("rehearsed 5 days ago on staging: 3.1 s")
    assert (add.unlike, fill.unlike) == ((), ("it was on PostgreSQL 16, this is 18",))
    assert add.lacks(timedelta(days=4)) == ""
    assert fill.lacks(timedelta(days=4)) == "its rehearsal is older than 4d"


def test_what_is_merged_twice_keeps_its_place() -> None:
    again = with_steps(with_steps(evidence(PLAN), NEWER, PLAN), evidence(PLAN, [seen(FILL)]), PLAN)
    first = again.of(ADD.id)
    assert first is not None
    assert first.place == NEWER.place_of()
