"""Every kind of step answers every question that is asked of a step, and its answers fit each other.

The type checker finds a verb that is missing. What it cannot see is here: a table that is locked but not among those that
are asked for privileges, an expression that no check reads, a text that says nothing.
"""

import importlib
import pkgutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

import zdtui.steps
from zdtui.plan.keys import TABLES
from zdtui.plan.load import load_plan, parse_plan
from zdtui.plan.model import NoRollback, Phase, Plan, Step, StepId
from zdtui.plan.render import render_plan
from zdtui.plan.write import write_plan
from zdtui.run.decisions.confirm_text import shown
from zdtui.steps.action import KINDS, Action
from zdtui.steps.backfill import BackfillAction
from zdtui.steps.check import CheckAction
from zdtui.steps.compare import CompareAction
from zdtui.steps.copy import CopyAction
from zdtui.steps.execution import AtOnce, Batches, ByHand, Soak, Statements
from zdtui.steps.key import Key, Kind
from zdtui.steps.kind import StepKind
from zdtui.steps.manual import ManualAction
from zdtui.steps.sql import SqlAction
from zdtui.steps.unused import UnusedAction
from zdtui.steps.wait import WaitAction

EXAMPLES: tuple[Action, ...] = (
    SqlAction(sql="ANALYZE told_by_its_name\n"),
    BackfillAction(table="told_by_its_name", assignments=(("a", "b + 1"),), where="a IS NULL"),
    CopyAction(
        source="told_by_its_name", into="t", columns=(("a", "b + 1"),), where="c > 2", valid=(("whole", "d > 3"),)
    ),
    CompareAction(source="told_by_its_name", into="t", columns=(("a", "b + 1"),), where="c > 2"),
    CheckAction(query="SELECT told_by_its_name FROM t\n"),
    ManualAction(instructions="told_by_its_name"),
    WaitAction(duration=timedelta(hours=3)),
    UnusedAction(column="told_by_its_name.name", duration=timedelta(hours=3), except_roles=("backup",)),
)
"""One of each kind, with every field filled in that holds SQL or the name of a table."""

each_kind = pytest.mark.parametrize("action", EXAMPLES, ids=lambda action: action.kind)


def said(action: Action) -> str:
    """What each text of the step has to name."""
    return "3h" if action.soak is not None else "told_by_its_name"


def plan_of(action: Action) -> Plan:
    """A plan of one step."""
    rollback = NoRollback(kind="none", reason="it is an example")
    step = Step(id=StepId("a"), title="t", phase=Phase.EXPAND, action=action, rollback=rollback)
    return Plan(name="p", title="t", steps=(step,), source="", path="p.yaml", digest="")


def keys_of(action: Action) -> Iterator[Key]:
    """Every key that the action is written with."""
    for key in action.step_keys():
        yield key
        yield from TABLES[key.of] if key.of else ()


def values(action: Action, *kinds: Kind) -> set[str]:
    """The action's own texts after keys of these kinds."""
    found = [getattr(action, key.field_name, None) for key in keys_of(action) if key.kind in kinds]
    pairs = [text for each in found if isinstance(each, tuple) for _, text in each]
    return {*pairs, *(each for each in found if isinstance(each, str))}


def leaves(kind: type) -> Iterator[type]:
    """The kinds of step below a class that nothing is derived from."""
    below: list[type] = kind.__subclasses__()
    for each in below:
        yield from leaves(each)
    if not below:
        yield kind


def test_every_kind_has_an_example() -> None:
    assert [type(each) for each in EXAMPLES] == list(KINDS)


def test_every_kind_is_in_the_list() -> None:
    for module in pkgutil.iter_modules(zdtui.steps.__path__):
        importlib.import_module(f"zdtui.steps.{module.name}")
    assert set(leaves(StepKind)) == set(KINDS)


def test_every_kind_has_confirmed_texts_that_are_kept() -> None:
    plan = load_plan(Path(__file__).with_name("every_kind.yaml"))
    assert {type(step.action) for step in plan.steps} == set(KINDS)


@each_kind
def test_every_text_of_a_step_names_what_it_does(action: Action) -> None:
    plan = plan_of(action)
    assert said(action) in shown(plan.steps[0])
    assert said(action) in "\n".join(action.summary())
    assert said(action) in render_plan(plan)


@each_kind
def test_a_person_is_told_how_it_is_carried_out_and_what_a_pause_does(action: Action) -> None:
    for told in (action.how("500ms", "30s"), action.when_paused(), action.text_name):
        assert told.strip()
        assert "\n" not in told


@each_kind
def test_every_kind_is_written_and_read_again(action: Action) -> None:
    assert parse_plan(write_plan(plan_of(action)), "p.yaml").steps[0].action == action


@each_kind
def test_a_mapping_is_described_key_by_key(action: Action) -> None:
    """And is called by the name of its key, as the loader and the reference look for it."""
    objects = [key for key in action.step_keys() if key.kind is Kind.OBJECT]
    assert [key.of for key in objects] == [key.name for key in objects]
    assert bool(objects) is (action.mapping() is not None)


@each_kind
def test_what_the_author_wrote_as_sql_is_read_by_every_check_of_texts(action: Action) -> None:
    own = () if action.author_sql is None else (action.author_sql.sql,)
    assert values(action, Kind.SQL, Kind.PAIRS) <= {*own, *action.expressions}


@each_kind
def test_a_table_that_is_named_by_a_key_is_asked_for_privileges(action: Action) -> None:
    named = {getattr(action, key.field_name) for key in keys_of(action) if key.names_table}
    assert named == {used.name for used in action.tables}


@each_kind
def test_hazards_are_looked_for_in_whatever_is_sent(action: Action) -> None:
    match action.execution:
        case Statements(text=text):
            assert action.statements == action.judged.statements == text.statements != ()
        case Batches(table=table):
            assert table in {used.name for used in action.tables}
            assert all(used.name in action.judged.text for used in action.tables)
            assert action.judged.statements
        case AtOnce(query=query):
            assert action.judged.text == (query or "")
            assert bool(action.judged.statements) is (query is not None)
        case ByHand() | Soak():
            assert action.judged.text == ""
            assert (action.tables, action.expressions, action.statements) == ((), (), ())


@each_kind
def test_only_batches_can_reject_rows_and_only_an_update_is_judged_as_one(action: Action) -> None:
    assert not action.rejects_rows or (action.batches is not None and not action.batches.only_reads)
    if action.updates is not None:
        assert action.updates.assignments
        assert action.judged.statements[0].kind == "UPDATE"
