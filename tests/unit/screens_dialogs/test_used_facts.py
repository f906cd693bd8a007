"""What the confirmation of a contract step says of who still uses what it takes away."""

from dataclasses import replace
from datetime import timedelta

from screens.dialogs.frame.now import Now
from screens.dialogs.frame.sheet import Rank, Sheet
from screens.dialogs.run_sheet import run_sheet
from screens.look import Look
from tests.unit.screens_dialogs.scenes import AT, DROP, SOAK, a_plan, a_snapshot
from zdtui.plan.model import Step, UnusedAction
from zdtui.run.decisions.snapshot import Snapshot
from zdtui.run.model.events import UsageFound
from zdtui.run.model.state import StepState, StepStatus
from zdtui.run.model.usage_events import UseSeen

PROOF: Step = SOAK.model_copy(update={"action": UnusedAction(column="users.name", duration=timedelta(hours=24))})
FOUND = UsageFound(
    step=PROOF.id,
    subject="public.users.name",
    verdict="in use",
    since=AT,
    heading="public.users.name is in use: 2 statements",
    statements=(UseSeen(role="app", calls=1204, why="reads users.name", text="SELECT name FROM users"),),
    statement_count=2,
    in_the_way=("view public.shown",),
    not_seen=("pg_stat_statements was reset",),
)


def sheet(step: Step, state: StepState) -> Sheet:
    """The confirmation, with the proof as it stands."""
    plan = a_plan()
    plan = plan.model_copy(update={"steps": tuple(PROOF if each.id == SOAK.id else each for each in plan.steps)})
    shown: Snapshot = a_snapshot(plan=plan)
    shown = replace(shown, run=replace(shown.run, steps={**shown.run.steps, PROOF.id: state}))
    return run_sheet(shown, step, True, Now(1000.0, AT + timedelta(hours=3)))


def told(sheet: Sheet) -> list[tuple[str, Look, Rank]]:
    """The facts from 'used by' on."""
    start = next((place for place, each in enumerate(sheet.facts) if each.label == "used by"), len(sheet.facts))
    found = [sheet.facts[start]] if start < len(sheet.facts) else []
    for each in sheet.facts[start + 1 :]:
        if each.label:
            break
        found.append(each)
    return [(each.text, each.look, each.rank) for each in found]


def test_the_list_stands_before_the_id_is_typed() -> None:
    state = StepState(status=StepStatus.SKIPPED, message="the report goes on Monday", used=FOUND, changed_at=AT)
    assert [text for text, _, _ in told(sheet(DROP, state))] == [
        f"public.users.name is in use: 2 statements, asked 3h00m ago; {PROOF.id} was passed over: the report goes on Monday",
        "1 204 calls by app: reads users.name: SELECT name FROM users",
        "and 1 more statement",
        "depends on it: view public.shown",
        "pg_stat_statements was reset",
    ]
    assert told(sheet(DROP, state))[0][1:] == (Look.LOUD, Rank.DECIDES)


def test_what_was_proved_is_said_quietly_and_what_never_was_is_loud() -> None:
    quiet = FOUND.model_copy(
        update={"verdict": "unused", "heading": "nothing uses public.users.name", "statements": ()}
    )
    done = StepState(status=StepStatus.DONE, used=quiet, changed_at=AT)
    assert told(sheet(DROP, done))[0] == ("nothing uses public.users.name, asked 3h00m ago", Look.PLAIN, Rank.DECIDES)
    never = StepState(status=StepStatus.SKIPPED, message="no time")
    (said, look, rank), *_ = told(sheet(DROP, never))
    assert said == f"users.name was not proved unused ({PROOF.id} skipped: no time)"
    assert (look, rank) == (Look.LOUD, Rank.DECIDES)


def test_no_other_step_says_it_but_the_proof_itself_when_it_is_tried_again() -> None:
    held = StepState(status=StepStatus.HELD, used=FOUND, changed_at=AT)
    assert told(sheet(PROOF, held))[0][0].startswith("public.users.name is in use")
    others = [each for each in a_plan().steps if each.id not in (DROP.id, SOAK.id)]
    assert all(not told(sheet(each, held)) for each in others)
