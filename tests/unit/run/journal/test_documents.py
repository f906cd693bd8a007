"""What `status --json` and `report --json` print has a schema that comes with zdtui, and holds no secret."""

import json
from uuid import UUID

import jsonschema
import pytest

from tests.unit.run.plans import RUN, START, fold, opened, plan, started
from zdtui.plan.model import StepId
from zdtui.run.journal.damage import Damage
from zdtui.run.journal.documents.report import report_document
from zdtui.run.journal.documents.status import status_document
from zdtui.run.journal.documents.written import DOCUMENTS, schema_file, schema_of, written
from zdtui.run.journal.standing import EXIT_CODES, Standing, exit_code, standing, worth_telling
from zdtui.run.model import events as e
from zdtui.run.model.state import RunState
from zdtui.sql.text.name import Name
from zdtui.usage.document import usage_document
from zdtui.usage.usage import Dependent, StatementUse, Subject, Usage

ADD = StepId("add")
HELD = e.StepHeld(step=ADD, why=e.HoldKind.GUARD, detail="lag 12 s is over 10 s \x1b[31m password=hunter2")
FAILED = e.StepFailed(step=ADD, direction=e.Direction.FORWARD, message="division by zero")
DONE = e.StepSucceeded(step=ADD, seconds=1.5, victims=2, victim_seconds=0.5)
DOUBT = e.StepInDoubt(step=ADD, index=0, evidence="nobody knows")


def recorded(*events: e.Event) -> list[e.Recorded]:
    return [e.Recorded(run=RUN, sequence=n, at=START, operator="ana", event=each) for n, each in enumerate(events, 1)]


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_schema_that_comes_with_it_is_that_of_the_model(name: str) -> None:
    """`python -c` of the model writes it anew: json.dumps(schema_of(name), indent=2)."""
    assert json.loads(schema_file(name).read_text("utf-8")) == schema_of(name)


@pytest.mark.parametrize("last", [HELD, FAILED, DONE, DOUBT], ids=lambda each: each.kind)
def test_documents_are_as_their_schema_says(last: e.Event) -> None:
    of = plan()
    events = (opened(of), started(of, "add"), e.PauseRequested(by="ana"), last)
    state = fold(*events)
    for name, document in (
        ("status", status_document([(RUN, state, None)], "[4711] zdtui tour")),
        ("report", report_document(RUN, state, recorded(*events), None)),
    ):
        text = written(document)
        jsonschema.validate(json.loads(text), json.loads(schema_file(name).read_text("utf-8")))
        assert "hunter2" not in text
        assert text.isascii()
        assert "\x1b" not in text


def test_who_uses_a_column_is_as_its_schema_says() -> None:
    use = StatementUse(role="app", calls=3, text="SELECT name \x1b[2J", why="reads users.name")
    index = Dependent(what="index users_name", name="users_name", in_the_way=False)
    subject = Subject(Name("public", "users"), "name")
    found = Usage(subject=subject, since=START, statements=(use,), unread=(use,), dependents=(index,), not_seen=("x",))
    text = written(usage_document(found))
    jsonschema.validate(json.loads(text), json.loads(schema_file("usage").read_text("utf-8")))
    assert "\x1b" not in text
    told = json.loads(text)
    assert (told["format"], told["subject"], told["verdict"]) == (1, "public.users.name", "in use")
    assert told["dependents"] == [{"what": "index users_name", "why": "", "in_the_way": False, "of_the_plan": False}]


def test_the_report_counts_what_the_run_came_to() -> None:
    of = plan()
    failed = e.AttemptFailed(
        step=ADD,
        try_number=1,
        sqlstate="55P03",
        message="no lock",
        waited=0.2,
        retry_in=1,
        victims=1,
        victim_seconds=0.2,
    )
    pause = e.PauseRequested(by="ana")
    events = (opened(of), started(of, "add"), failed, DONE, pause, started(of, "fill"), failed, pause)
    told = report_document(RUN, fold(*events), recorded(*events), None)
    assert (told.pauses, told.tries_given_up) == (2, 2)
    assert (told.sessions_waited_behind_us, round(told.waited_behind_us_seconds, 3)) == (3, 0.7)
    assert told.all_waits_counted
    nobody_counted = (*events, HELD)
    assert not report_document(RUN, fold(*nobody_counted), recorded(*nobody_counted), None).all_waits_counted
    assert [each.kind for each in told.events][:2] == ["run opened", "step started"]


def test_a_journal_that_is_not_whole_says_so() -> None:
    damage = Damage(missing=(3,))
    (told,) = status_document([(UUID(int=1), fold(), damage)], None).runs
    assert (told.journal_whole, told.damage) == (False, damage.sentence)


def test_what_is_not_known_is_null_and_never_an_empty_text_or_a_word() -> None:
    """Of a run whose beginning is lost; and of any whose journal is not whole nobody can say where it stands."""
    lost = json.loads(written(status_document([(RUN, RunState(), Damage(missing=(1,)))], None)))["runs"][0]
    assert "" not in lost.values()
    assert {name for name, value in lost.items() if value is None} >= {
        *("standing", "plan", "title", "plan_digest", "environment", "database", "server", "last_by", "current"),
        *("opened_at", "last_at"),
    }
    known = json.loads(written(status_document([(RUN, fold(opened(plan())), Damage(missing=(3,)))], None)))["runs"][0]
    assert (known["standing"], known["plan"]) == (None, plan().name)
    assert {each["message"] for each in known["steps"]} == {None}


def test_the_newest_run_is_told_and_each_that_is_not_finished() -> None:
    going, over = fold(opened(plan())), fold(opened(plan()), e.RunFinished())
    found = [("a", over), ("b", going), ("c", over), ("d", going)]
    assert [of for of, _ in worth_telling(found, every=False)] == ["a", "b", "d"]
    assert list(worth_telling(found, every=True)) == found
    assert list(worth_telling([], every=False)) == []


@pytest.mark.parametrize(
    ("events", "word"),
    [
        ((), Standing.WAITING),
        ((e.PauseRequested(by="ana"),), Standing.HELD),
        ((started(plan(), "add"),), Standing.WORKING),
        ((started(plan(), "add"), HELD), Standing.HELD),
        ((started(plan(), "add"), FAILED), Standing.FAILED),
        ((started(plan(), "add"), DOUBT), Standing.FAILED),
        ((started(plan(), "add"), DONE), Standing.WAITING),
        ((started(plan(), "add"), DONE, e.RunFinished()), Standing.FINISHED),
    ],
)
def test_where_a_run_stands_is_one_word(events: tuple[e.Event, ...], word: Standing) -> None:
    assert standing(fold(opened(plan()), *events)) is word


def test_exit_codes_tell_the_worst_and_none_is_one_of_every_commands() -> None:
    assert set(EXIT_CODES) == set(Standing)
    assert not {1, 2} & set(EXIT_CODES.values())
    assert exit_code([]) == exit_code([Standing.FINISHED]) == 0
    assert exit_code([Standing.HELD, Standing.FAILED, Standing.FINISHED]) == 6
