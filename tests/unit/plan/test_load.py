"""The loader: what it makes of a plan, and the sentence for everything that is not one."""

import time
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zdtui.errors import PlanError
from zdtui.plan.load import load_plan, parse_plan
from zdtui.plan.model import BackfillAction, CopyAction, Environment, Irreversible, NoRollback, Phase, SqlAction

HEAD = "zdtui: 1\nname: tour\ntitle: Tour\n"
STEP = """
  - id: {id}
    title: A
    phase: {phase}
    sql: ALTER TABLE t ADD COLUMN x int
    rollback: ALTER TABLE t DROP COLUMN x
"""


def plan_with(*steps: str, head: str = HEAD) -> str:
    return head + "steps:" + "".join(steps)


def step(id: str = "a", phase: str = "expand", **lines: str) -> str:
    return STEP.format(id=id, phase=phase) + "".join(f"    {key}: {value}\n" for key, value in lines.items())


def problems_of(text: str) -> str:
    with pytest.raises(PlanError) as caught:
        parse_plan(text, "p.yaml")
    return str(caught.value)


def test_a_plan_with_every_kind_of_action(tmp_path):
    (tmp_path / "more.sql").write_text("ALTER TABLE t ADD COLUMN y int;")
    (tmp_path / "plan.yaml").write_text(
        """
zdtui: 1
name: everything
title: Everything
target: {database: shop, minimum_version: 14, environment: production}
defaults: {lock_timeout: 200ms, retries: 5}
guards: {replication_lag: off, blocked_sessions: 3, oldest_transaction: 1h30min}
steps:
  - {id: file, title: F, phase: expand, sql_file: more.sql, rollback: {irreversible: a restore}, statement_timeout: 2min}
  - id: fill
    title: Fill
    phase: backfill
    backfill: {table: t, set: {x: y + 1}, where: x IS NULL, key: [a, b], batch_duration: 20ms}
    rollback: {none: nothing reads it}
  - id: move
    title: Move
    phase: backfill
    copy: {from: t, into: u, columns: {id: id}, valid: {is set: x IS NOT NULL}}
    rollback: {sql: TRUNCATE u}
  - {id: look, title: L, phase: verify, check: SELECT true, rollback: {none: looks}, verify: [SELECT true, SELECT 1 = 1]}
  - {id: deploy, title: D, phase: switch, manual: deploy it, rollback: {none: code}}
  - {id: soak, title: S, phase: switch, wait: 24h, rollback: {none: time}}
"""
    )
    plan = load_plan(tmp_path / "plan.yaml")
    assert plan.target.environment is Environment.PRODUCTION
    assert plan.guards.replication_lag is None
    assert plan.guards.oldest_transaction == timedelta(minutes=90)
    file, fill, move, look = plan.steps[:4]
    assert isinstance(file.action, SqlAction)
    assert file.action.sql == "ALTER TABLE t ADD COLUMN y int;"
    assert isinstance(file.rollback, Irreversible)
    assert (file.limits.lock_timeout, file.limits.retries) == (timedelta(milliseconds=200), 5)
    assert file.limits.statement_timeout == timedelta(minutes=2)
    assert isinstance(fill.action, BackfillAction)
    assert fill.action.key == ("a", "b")
    assert fill.action.tuning.batch_duration == timedelta(milliseconds=20)
    assert isinstance(fill.rollback, NoRollback)
    assert isinstance(move.action, CopyAction)
    assert move.action.valid == (("is set", "x IS NOT NULL"),)
    assert look.verify == ("SELECT true", "SELECT 1 = 1")
    assert file.line == 9
    before = plan.digest
    (tmp_path / "more.sql").write_text("ALTER TABLE t ADD COLUMN z int;")
    assert load_plan(tmp_path / "plan.yaml").digest != before


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "p.yaml:1:1: the file is empty"),
        ("- 1", "a plan is a mapping"),
        ("zdtui: 2\nname: a\ntitle: t\nsteps: []", "p.yaml:1:8: `zdtui`: version 2 of the format is not known here"),
        ("a: &x [1]\nb: *x", "anchors and aliases"),
        ("a: {b: [" * 30, "nested more than 20 deep"),
        (plan_with(step()) + "\n---\nb: 1", "a plan is one YAML document"),
        ("a: 'open", "this is not YAML"),
        ("!!python/object:os.system {a: b}", "has no key"),
        ("a: !run x", "the tag !run is not allowed"),
        (plan_with(step(), head=HEAD + "titel: x\n"), "did you mean `title`?"),
        (plan_with(step(), head=HEAD + "title: again\n"), "`title` is here for the second time"),
        (plan_with(step(phase="expnd")), "did you mean `expand`?"),
        (plan_with(step(), step()), "`a` is already the id of the step at line 5"),
        (plan_with(step(phase="contract"), step(id="b")), "expand cannot follow contract of step `a`"),
        (
            plan_with(step(wait="1h")),
            "exactly one of sql, sql_file, backfill, copy, check, manual, wait; this one has sql",
        ),
        (plan_with("\n  - {id: a, title: A, phase: expand, wait: 1h}"), "a step needs `rollback`"),
        (plan_with(step(lock_timeout="soon")), "`soon` is not a time"),
        (plan_with(step(retries="many")), "`many` is not a whole number"),
        (plan_with(step(verify="DELETE FROM t")), "a verify is a query that changes nothing"),
        (plan_with(step(verify="SELECT 1; SELECT 2")), "a verify is one query; this is 2"),
        (plan_with(step(id="No Name")), "`No Name` is no name"),
        (HEAD + "steps: []", "`steps`: is empty"),
        (plan_with(step().replace("ALTER TABLE t ADD", "BEGIN; ALTER TABLE t ADD")), "ends the transactions itself"),
        (plan_with(step().replace("ALTER TABLE t ADD COLUMN x int", "\\d t")), "a command of psql"),
        (plan_with(step().replace("ALTER TABLE t ADD COLUMN x int", "SELECT 'open")), "never ends"),
        (
            plan_with(step().replace("sql: ALTER TABLE t ADD COLUMN x int", "sql_file: no.sql")),
            "there is no such SQL file",
        ),
        (
            plan_with(
                step().replace("sql: ALTER TABLE t ADD COLUMN x int", "backfill: {table: t, set: {k: 1}, key: k}")
            ),
            "is the key the rows are walked by",
        ),
        (
            plan_with(step().replace("sql: ALTER TABLE t ADD COLUMN x int", "backfill: {table: t, set: {x: 'f(1'}}")),
            "the parentheses do not match",
        ),
        (
            plan_with(step().replace("sql: ALTER TABLE t ADD COLUMN x int", "backfill: {table: t, set: {x: 1; DROP}}")),
            "not one SQL expression",
        ),
    ],
)
def test_every_mistake_has_one_clear_sentence(text, says):
    assert says in problems_of(text)


def test_all_problems_are_listed_at_once_each_with_its_line_and_a_caret():
    said = problems_of(plan_with(step(phase="expnd", retries="x"), step(id="b", lock_timeout="y")))
    assert "p.yaml:7:12: `phase`" in said
    assert said.count("\n    ") == 6
    place = said.splitlines().index("        phase: expnd")
    assert said.splitlines()[place + 1] == " " * 4 + " " * 11 + "^"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"\x7fELF\xff\xfe", "is not UTF-8 text"),
        (b"zdtui: 1\x00", "NUL byte"),
        (b"a" * (5 * 1024 * 1024 + 1), "larger than 5 MB"),
    ],
)
def test_a_file_that_is_no_text(tmp_path, content, says):
    (tmp_path / "x").write_bytes(content)
    with pytest.raises(PlanError, match=says):
        load_plan(tmp_path / "x")


def test_a_missing_file_and_a_folder(tmp_path):
    with pytest.raises(PlanError, match="there is no such plan"):
        load_plan(tmp_path / "nope.yaml")
    with pytest.raises(PlanError, match="is a folder"):
        load_plan(tmp_path)


def test_a_yaml_bomb_is_refused_quickly():
    lines = ["a0: &a0 [x, x]"] + [f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 60)]
    began = time.monotonic()
    assert "anchors and aliases" in problems_of("\n".join(lines))
    assert time.monotonic() - began < 5


def test_a_plan_of_2000_steps_loads():
    text = plan_with(*(step(id=f"s{n}") for n in range(2000)))
    assert len(parse_plan(text, "p").steps) == 2000


FRAGMENTS = st.sampled_from(
    [
        HEAD,
        "steps:\n",
        step(),
        "  - id: b\n",
        "    phase: x\n",
        "rollback: {none: r}\n",
        "\t",
        "&a ",
        "*a",
        "!!x ",
        "'",
        "|\n",
        "[",
        "{",
        "\x07",
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(max_size=200), st.lists(FRAGMENTS | st.text(max_size=5), max_size=12).map("".join)))
def test_the_loader_never_raises_anything_but_its_own_error(text):
    said = "p.yaml:"
    try:
        parse_plan(text, "p.yaml")
    except PlanError as error:
        said = str(error)
    assert said.startswith("p.yaml:")
    assert not any(ord(character) < 32 and character != "\n" for character in said)


def test_phases_are_in_the_order_of_the_trade():
    assert [str(phase) for phase in Phase] == ["expand", "dual-write", "backfill", "verify", "switch", "contract"]
