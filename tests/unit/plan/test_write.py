"""A plan that is written and read again is the same plan, and reads like one that a person wrote."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from zdtui.plan.keys import TABLES, Kind
from zdtui.plan.load import load_plan, parse_plan
from zdtui.plan.model import (
    Answer,
    BackfillAction,
    BatchTuning,
    CheckAction,
    CompareAction,
    CopyAction,
    Environment,
    Guards,
    Irreversible,
    Limits,
    ManualAction,
    NoRollback,
    Phase,
    Plan,
    SqlAction,
    SqlRollback,
    Step,
    StepId,
    Target,
    Texts,
    Throttle,
    WaitAction,
    Walk,
    Window,
)
from zdtui.plan.shipped import plans_folder, shipped_plans
from zdtui.plan.write import write_plan
from zdtui.plan.yaml_text import block, scalar
from zdtui.steps.action import KINDS

LETTERS = st.characters(codec="utf-8", exclude_categories=("Cs", "Cc"), exclude_characters="\ufeff\u2028\u2029")
words = st.text(LETTERS, min_size=1, max_size=40).map(str.strip).filter(bool)
lines = st.lists(st.text(LETTERS, max_size=30), min_size=1, max_size=4).map("\n".join).map(str.strip).filter(bool)
hard_words = st.sampled_from(
    [
        "yes",
        "no",
        "null",
        "~",
        "1",
        "1e3",
        "0x1",
        "a: b",
        "a #b",
        "#a",
        "- a",
        "? a",
        "'a'",
        '"a"',
        "{a}",
        "[a]",
        "&a",
        "*a",
        "!a",
        ">",
        "%a",
        "@a",
        "`a`",
        "a:",
        "---",
        "...",
        "<<",
        "=",
        "a\tb",
        "a,b",
        "a]",
        "|",
        "é",
        "😀",
        "\\n",
        "a\u200bb",
    ]
)
texts = st.one_of(words, lines, hard_words)
names = st.from_regex(r"[a-z][a-z0-9]{0,8}(-[a-z0-9]{1,5})?", fullmatch=True)
milliseconds = st.integers(1, 10**9).map(lambda count: timedelta(milliseconds=count))
counts = st.integers(1, 10**6)
tables = st.sampled_from(["users", "public.users", '"Odd one"', 'app."a.b"'])
conditions = st.sampled_from(["x IS NULL", "a > 1 AND b <> 'é: #'", "x = 'it''s'"])
expressions = st.sampled_from(["a", "lower(a)", "'a: b'", "a || ' # ' || b", "split_part(name, ' ', 1)", "NULL", "1"])
statements = st.sampled_from(
    [
        "SELECT 1",
        "ALTER TABLE users ADD COLUMN x text;\n",
        "ALTER TABLE users\n  ADD COLUMN x text,\n\n  ADD COLUMN y text;\nSELECT 1;\n",
        "  SELECT 1;\n",
        "SELECT ': # |' AS \"a\tb\";",
        "SELECT 1;\n\n\n",
        "\nSELECT 1;",
        "SELECT 'x\n   \ny';\n",
        "SELECT " + "1 + " * 60 + "1",
        "SELECT 'é\u200b😀';\n",
    ]
)
queries = st.sampled_from(["SELECT true", "SELECT count(*) = 2\n  FROM a\n WHERE x = ': #'"])
columns = st.lists(
    st.tuples(st.sampled_from(["a", "b", '"C d"', "é"]), expressions),
    min_size=1,
    max_size=3,
    unique_by=lambda pair: pair[0],
).map(tuple)
keys = st.lists(st.sampled_from(["id", "at"]), max_size=2, unique=True).map(tuple)


def maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(st.none(), strategy)


def model(kind: Any, **fields: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """The model with some of these fields given and the others as they are by default."""
    return st.fixed_dictionaries({}, optional=fields).map(lambda given: kind(**given))


limits = {
    "lock_timeout": milliseconds,
    "statement_timeout": milliseconds,
    "lock_queue_ceiling": milliseconds,
    "lock_patience": milliseconds,
    "retries": counts,
}
tuning = {"batch_duration": milliseconds, "batch_rows": counts, "max_batch_rows": counts, "batch_pause": milliseconds}
tuning["max_replication_lag"] = milliseconds
working = {**tuning, "workers": st.integers(1, 8), "max_rejected": counts, "vacuum_after_rows": counts}
guards = model(
    Guards, replication_lag=maybe(milliseconds), blocked_sessions=maybe(counts), oldest_transaction=maybe(milliseconds)
)
windows = st.lists(st.builds(Window, begins=st.integers(0, 1439), ends=st.integers(0, 1439)), max_size=3).map(tuple)
throttle = model(
    Throttle,
    replication_lag=maybe(milliseconds),
    wal_rate=maybe(st.integers(1, 10**12)),
    archive_backlog=maybe(counts),
    autovacuum=st.booleans(),
    query=queries,
    timeout=milliseconds,
    unanswered=st.sampled_from(Answer),
    only=windows,
)
actions = st.one_of(
    st.builds(SqlAction, sql=statements),
    st.builds(
        BackfillAction,
        table=tables,
        assignments=st.lists(
            st.tuples(st.sampled_from(["a", "b"]), expressions), min_size=1, max_size=2, unique_by=lambda pair: pair[0]
        ).map(tuple),
        where=maybe(conditions),
        key=keys,
        tuning=model(BatchTuning, **working, walk=st.sampled_from(Walk)),
    ),
    st.builds(
        CopyAction,
        source=tables,
        into=tables,
        columns=columns,
        where=maybe(conditions),
        key=keys,
        valid=st.lists(st.tuples(words, conditions), max_size=2, unique_by=lambda pair: pair[0]).map(tuple),
        tuning=model(BatchTuning, **working),
    ),
    st.builds(
        CompareAction,
        source=tables,
        into=tables,
        columns=columns,
        where=maybe(conditions),
        key=keys,
        watch=maybe(milliseconds),
        tuning=model(BatchTuning, **tuning),
    ),
    st.builds(CheckAction, query=queries),
    st.builds(ManualAction, instructions=texts),
    st.builds(WaitAction, duration=milliseconds),
)
rollbacks = st.one_of(
    st.builds(SqlRollback, sql=statements),
    st.builds(NoRollback, reason=texts),
    st.builds(Irreversible, consequence=texts),
)


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """A plan as one may be loaded."""
    defaults = draw(model(Limits, **limits))
    phases = sorted(draw(st.lists(st.sampled_from(Phase), min_size=1, max_size=4)), key=tuple(Phase).index)
    steps = tuple(
        Step(
            id=StepId(f"{draw(names)}-{number}"),
            title=draw(words),
            phase=phase,
            notes=draw(st.one_of(st.just(""), texts)),
            links=draw(st.lists(words, max_size=2).map(tuple)),
            silence=draw(st.lists(st.tuples(names, texts), max_size=2, unique_by=lambda pair: pair[0]).map(tuple)),
            action=draw(actions),
            rollback=draw(rollbacks),
            verify=draw(st.lists(queries, max_size=2).map(tuple)),
            limits=draw(st.one_of(st.just(defaults), model(Limits, **limits))),
        )
        for number, phase in enumerate(phases)
    )
    return Plan(
        name=draw(names),
        title=draw(words),
        description=draw(st.one_of(st.just(""), texts)),
        target=draw(
            model(
                Target,
                database=texts.filter(lambda text: "\n" not in text),
                minimum_version=st.integers(13, 19),
                environment=st.sampled_from(Environment),
            )
        ),
        defaults=defaults,
        guards=draw(guards),
        throttle=draw(throttle),
        require_rehearsal=draw(maybe(milliseconds)),
        steps=steps,
        source="",
        path="p.yaml",
        digest="",
    )


def without_text(plan: Plan) -> Plan:
    """What a plan says, without the text it was read from."""
    steps = tuple(step.model_copy(update={"line": 0, "texts": Texts()}) for step in plan.steps)
    return plan.model_copy(update={"source": "", "digest": "", "path": "", "steps": steps})


@settings(max_examples=300, deadline=None)
@given(plans())
def test_what_is_written_is_read_as_the_same_plan(plan: Plan) -> None:
    text = write_plan(plan)
    assert without_text(parse_plan(text, "p.yaml")) == without_text(plan), text


@pytest.mark.parametrize("name", shipped_plans())
def test_a_shipped_plan_is_written_as_the_same_plan(name: str) -> None:
    plan = load_plan(plans_folder() / f"{name}.yaml")
    assert without_text(parse_plan(write_plan(plan), plan.path)) == without_text(plan)


def test_it_reads_as_a_person_would_have_written_it() -> None:
    step = Step(
        id=StepId("add"),
        title="Add it",
        phase=Phase.EXPAND,
        action=SqlAction(sql="ALTER TABLE users\n  ADD COLUMN x text;\n"),
        rollback=SqlRollback(sql="ALTER TABLE users DROP COLUMN x;\n"),
        limits=Limits(retries=3),
    )
    fill = Step(
        id=StepId("fill"),
        title="Fill it: all",
        phase=Phase.BACKFILL,
        action=BackfillAction(table="users", assignments=(("x", "lower(name)"),), where="x IS NULL"),
        rollback=NoRollback(reason="the column goes with add"),
        verify=("SELECT true",),
    )
    plan = Plan(
        name="p", title="P", guards=Guards(replication_lag=None), steps=(step, fill), source="", path="", digest=""
    )
    comments = {("", ""): "Drafted.", ("fill", ""): "4.2 million rows", ("fill", "backfill"): "about 9 minutes"}
    assert write_plan(plan, comments) == (
        "# Drafted.\n"
        "zdtui: 1\n"
        "name: p\n"
        "title: P\n"
        "guards:\n"
        "  replication_lag: off\n"
        "steps:\n"
        "  - id: add\n"
        "    title: Add it\n"
        "    phase: expand\n"
        "    retries: 3\n"
        "    sql: |\n"
        "      ALTER TABLE users\n"
        "        ADD COLUMN x text;\n"
        "    rollback: |\n"
        "      ALTER TABLE users DROP COLUMN x;\n"
        "\n"
        "  # 4.2 million rows\n"
        "  - id: fill\n"
        '    title: "Fill it: all"\n'
        "    phase: backfill\n"
        "    # about 9 minutes\n"
        "    backfill:\n"
        "      table: users\n"
        "      set:\n"
        "        x: lower(name)\n"
        "      where: x IS NULL\n"
        "    rollback:\n"
        "      none: the column goes with add\n"
        "    verify: SELECT true\n"
    )


@given(st.one_of(texts, st.text(max_size=30)))
def test_a_block_is_only_made_of_what_it_gives_back(text: str) -> None:
    made = block(text, "    ")
    if made is not None:
        plan = f"zdtui: 1\nname: a\ntitle: T\nsteps:\n- id: a\n  title: T\n  phase: expand\n  manual: {made}\n  rollback: {{none: x}}\n"
        (step,) = parse_plan(plan, "p.yaml").steps
        assert isinstance(step.action, ManualAction)
        assert step.action.instructions == text.strip()


@pytest.mark.parametrize("text", ["plain words", "count(*) = 2", "a-b_c", "/path", "1 of 2"])
def test_what_needs_no_quotes_has_none(text: str) -> None:
    assert scalar(text) == text


@pytest.mark.parametrize(
    "text", ["0", "1.5", "yes", "Off", "null", "~", "2026-01-01", "12:30", "0x1f", "", " a", "a: b", "# a"]
)
def test_what_another_reader_would_take_for_something_else_is_quoted(text: str) -> None:
    assert scalar(text) == f'"{text}"'


def test_every_key_of_the_format_is_written_from_a_field() -> None:
    """A key that the writer does not know would be lost without a word."""
    holders: dict[str, type[BaseModel]] = {"target": Target, "defaults": Limits, "guards": Guards, "throttle": Throttle}
    batches: dict[str, type[BaseModel]] = {
        key.of: kind for kind in KINDS for key in kind.step_keys() if key.kind is Kind.OBJECT
    }
    for table, kind in {**holders, **batches}.items():
        fields = set(kind.model_fields) | (set(BatchTuning.model_fields) if table in batches else set())
        assert {key.field_name for key in TABLES[table]} <= fields, table
    values = {
        key.field_name
        for kind in KINDS
        for key in (*kind.step_keys(), *kind.beside())
        if key.kind is Kind.OBJECT or key.field_name in kind.model_fields
    }
    written = {*Step.model_fields, *Limits.model_fields, *values}
    assert {key.field_name for key in TABLES["step"]} <= written
    assert {key.name for key in TABLES["plan"] if key.kind is not Kind.VERSION} <= set(Plan.model_fields)


def test_a_step_and_a_rollback_outside_a_transaction_are_written_as_they_were_read() -> None:
    text = (
        "zdtui: 1\nname: call\ntitle: Call\nsteps:\n  - id: call\n    title: Call\n    phase: backfill\n"
        "    sql: CALL fill()\n    transaction: off\n    rollback: {sql: CALL empty(), transaction: off}\n"
    )
    plan = parse_plan(text, "call.yaml")
    again = parse_plan(write_plan(plan), "call.yaml")
    assert again.steps[0].action == plan.steps[0].action == SqlAction(sql="CALL fill()", transaction=False)
    assert again.steps[0].rollback == plan.steps[0].rollback == SqlRollback(sql="CALL empty()", transaction=False)
