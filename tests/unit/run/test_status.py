"""`zdtui status`: one line a step, and nothing in it that a terminal would obey."""

from tests.unit.run.plans import fold, opened, plan, started
from zdtui.plan.model import StepId
from zdtui.run.journal.status import status_lines
from zdtui.run.model import events as e


def test_what_the_server_said_is_one_line_of_what_can_be_drawn() -> None:
    of = plan()
    failed = e.StepFailed(
        step=StepId("add"), direction=e.Direction.FORWARD, message="no \x1b[31mtable\u202e\nDETAIL: none"
    )
    _, line = status_lines(fold(opened(of), started(of, "add"), failed))
    assert "failed       add" in line
    assert not {"\x1b", "\u202e", "\n"} & set(line)


def test_rows_left_aside_are_counted() -> None:
    of = plan()
    aside = e.BatchesDone(step=StepId("fill"), batches=3, rows=9, rejected=5)
    done = e.StepSucceeded(step=StepId("fill"), rows=9, seconds=1)
    _, line = status_lines(fold(opened(of), started(of, "fill"), aside, done))
    assert line.endswith("fill  9 rows  5 rejected")


def test_what_the_run_goes_on_without_is_told() -> None:
    of = plan()
    accepted = e.BlindnessAccepted(guard="replication_lag", about=("standby-a",), reason="left on purpose", by="ana")
    *_, line = status_lines(fold(opened(of), accepted))
    assert line == "    blind        goes on without standby-a, accepted by ana: left on purpose"
