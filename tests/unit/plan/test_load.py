"""The loader: what it makes of a plan, and the sentence for everything that is not one."""

import os
import time
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zdtui.errors import PlanError
from zdtui.plan.keys import ACTIONS
from zdtui.plan.load import load_plan, parse_plan
from zdtui.plan.model import (
    BackfillAction,
    CompareAction,
    CopyAction,
    Environment,
    Irreversible,
    NoRollback,
    Phase,
    SqlAction,
)

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


def with_action(action: str) -> str:
    return step().replace("sql: ALTER TABLE t ADD COLUMN x int", action)


def problems_of(text: str) -> str:
    with pytest.raises(PlanError) as caught:
        parse_plan(text, "p.yaml")
    return str(caught.value)


def test_a_plan_with_every_kind_of_action(tmp_path: Path) -> None:
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
        (
            "zdtui: 2\nname: a\ntitle: t\nsteps: []",
            "p.yaml:1:8: `zdtui`: version `2` of the format is not known here; this zdtui reads version 1\n    zdtui: 2\n           ^",
        ),
        ("a: &x [1]\nb: *x", "anchors and aliases"),
        ("a: {b: [" * 30, "nested more than 20 deep"),
        (plan_with(step()) + "\n---\nb: 1", "a plan is one YAML document"),
        ("a: 'open", "this is not YAML"),
        ("!!python/object:os.system {a: b}", "is not allowed in a plan"),
        ("a: !run x", "the tag !run is not allowed"),
        (plan_with(step(), head=HEAD + "titel: x\n"), "did you mean `title`?"),
        (plan_with(step(), head=HEAD + "title: again\n"), "`title` is here for the second time"),
        (plan_with(step(phase="expnd")), "did you mean `expand`?"),
        (plan_with(step(), step()), "`a` is already the id of the step at line 5"),
        (
            plan_with(step(phase="contract"), step(id="b")),
            "p.yaml:13:12: step `b` is expand, but step `a` before it (line 5) is contract already: the phases go only forward",
        ),
        (
            plan_with(step(wait="1h")),
            f"exactly one of {', '.join(ACTIONS)}; this one has sql",
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
            "one expression belongs here",
        ),
        (plan_with(with_action("backfill: {table: t, set: {x: y z}}")), "p.yaml:8:37: this is not one SQL expression"),
        (plan_with(with_action("backfill: {table: t, set: {x: a +}}")), "look at `+`"),
        (
            plan_with(with_action("backfill: {table: t, set: {x: a}, where: WHERE x IS NULL}")),
            "leave out the word WHERE",
        ),
        (plan_with(with_action("backfill: {table: t u, set: {x: a}}")), "`t u` is not the name of a table"),
        (plan_with(with_action("backfill: {table: t, set: {x: a}, batch_rows: 0}")), "must be at least 1"),
        (plan_with(with_action("backfill: {table: t, set: {x: a}, batch_duration: 0}")), "must be more than nothing"),
        (plan_with(with_action("copy: {from: t, into: u, columns: {x: a}, valid: {r: (a}}")), "never closed"),
        (plan_with(with_action("sql: COPY t FROM STDIN")), "COPY from or to the client needs psql"),
        (plan_with(with_action("check: EXPLAIN SELECT 1")), "a check answers true or false; EXPLAIN does not"),
        (plan_with(with_action("check: SELECT 1 INTO t")), "a query that changes nothing; this is SELECT INTO"),
        (plan_with(with_action("sql: '-- nothing'")), "there is no statement in this SQL"),
        (plan_with(with_action("sql: \"SELECT 'a\\0b'\"")), "this holds a NUL"),
        (plan_with(with_action('sql_file: "a\\0b"')), "this holds a NUL"),
        (plan_with(with_action('sql_file: "a\\e[31mb"')), "a<U+001B>[31mb: there is no such SQL file"),
        ("a: !!python/object:os.system {a: b}", "the tag tag:yaml.org,2002:python/object:os.system is not allowed"),
        ("a: !!binary aGFsbG8=", "is not allowed in a plan"),
        ("zdtui: 1\na: \x07", "p.yaml:2:4: this is not YAML"),
        (
            plan_with(with_action("sql: |\n      SELECT 1;\n\n        COMMIT;\n      SELECT 'x")),
            "p.yaml:12:14: a string, a quoted name or a comment that begins here never ends\n          SELECT 'x\n                 ^",
        ),
        (plan_with(with_action("sql: |\n      SELECT 1;\n\n        COMMIT;")), "p.yaml:11:9: `COMMIT`: zdtui opens"),
        (plan_with(step(verify="[SELECT true, 'SELECT 1; SELECT 2']")), "p.yaml:10:38: a verify is one query"),
    ],
)
def test_every_mistake_has_one_clear_sentence(text: str, says: str) -> None:
    assert says in problems_of(text)


def test_all_problems_are_listed_at_once_each_with_its_line_and_a_caret() -> None:
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
def test_a_file_that_is_no_text(tmp_path: Path, content: bytes, says: str) -> None:
    (tmp_path / "x").write_bytes(content)
    with pytest.raises(PlanError, match=says):
        load_plan(tmp_path / "x")


def test_an_unknown_version_is_the_only_problem_that_is_told() -> None:
    assert problems_of("zdtui: 9\nstepps: 1\nname: NO").count("p.yaml:") == 1


def test_a_problem_in_a_file_of_sql_names_that_file_and_line(tmp_path: Path) -> None:
    (tmp_path / "x.sql").write_text("SELECT 1;\nBEGIN;\n")
    (tmp_path / "p.yaml").write_text(plan_with(with_action("sql_file: x.sql")))
    with pytest.raises(PlanError, match=r"p.yaml:8:15: x.sql:2: `BEGIN`: zdtui opens"):
        load_plan(tmp_path / "p.yaml")


def test_a_pipe_is_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(PlanError, match="not a regular file"):
        load_plan(tmp_path / "pipe")


def test_a_plan_is_kept_as_it_was_written(tmp_path: Path) -> None:
    text = plan_with(step()).replace("\n", "\r\n")
    (tmp_path / "p.yaml").write_bytes(b"\xef\xbb\xbf" + text.encode())
    assert load_plan(tmp_path / "p.yaml").source == text


def test_a_missing_file_and_a_folder(tmp_path: Path) -> None:
    with pytest.raises(PlanError, match="there is no such plan"):
        load_plan(tmp_path / "nope.yaml")
    with pytest.raises(PlanError, match="is a folder"):
        load_plan(tmp_path)


BOMB = "\n".join(["a0: &a0 [x, x]"] + [f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 60)])


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (BOMB, "anchors and aliases"),
        ("a:\n" * 1_000_000, "more than 300000 keys and values"),
        ("- 1\n" * 1_000_000, "more than 300000 keys and values"),
        ("[" * 100_000, "nested more than 20 deep"),
        ("".join(f"k{number}: x\n" for number in range(100_000)), "and 950 or more"),
        (plan_with(*(step(id=f"s {number}", phase="x") for number in range(3_000))), "and 950 or more"),
        ("x: " + "'" * 999_999, "this is not YAML"),
    ],
    ids=["aliases", "keys", "items", "depth", "unknown keys", "bad steps", "quotes"],
)
def test_a_hostile_file_is_refused_quickly(text: str, says: str) -> None:
    began = time.process_time()
    assert says in problems_of(text)
    assert time.process_time() - began < 5


def test_a_plan_of_2000_steps_loads_within_a_second() -> None:
    text = plan_with(*(step(id=f"s{n}", verify="SELECT true", notes="what to look at") for n in range(2000)))
    began = time.process_time()
    assert len(parse_plan(text, "p").steps) == 2000
    assert time.process_time() - began < 1


def test_without_the_c_parser_a_plan_means_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    text = plan_with(step(verify="SELECT true"), step(id="b", phase="contract"))
    wrong = plan_with(step(phase="expnd"), step(id="b", lock_timeout="y"))
    plan, said = parse_plan(text, "p.yaml"), problems_of(wrong)
    monkeypatch.setattr("ruamel.yaml.main.CParser", None)
    assert parse_plan(text, "p.yaml") == plan
    assert problems_of(wrong) == said


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
        '"\\0"',
        "sql: |\n      ",
        "sql_file: ",
        "backfill: {table: t, set: {",
        "COMMIT;",
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(max_size=200), st.lists(FRAGMENTS | st.text(max_size=5), max_size=12).map("".join)))
def test_the_loader_never_raises_anything_but_its_own_error(text: str) -> None:
    said = "p.yaml:"
    try:
        parse_plan(text, "p.yaml")
    except PlanError as error:
        said = str(error)
    assert said.startswith("p.yaml:")
    assert not any(ord(character) < 32 and character != "\n" for character in said)


def test_phases_are_in_the_order_of_the_trade() -> None:
    assert [str(phase) for phase in Phase] == ["expand", "dual-write", "backfill", "verify", "switch", "contract"]


def test_hazards_are_silenced_by_step_each_with_a_reason() -> None:
    text = plan_with(with_action("sql: DROP TABLE t\n    silence: {drop-table: the table is a day old}"))
    step = parse_plan(text, "plan.yaml").steps[0]
    assert step.silence == (("drop-table", "the table is a day old"),)


@pytest.mark.parametrize(
    ("silence", "expected"),
    [
        ("silence: {drop-table: ''}", "is empty"),
        ("silence: drop-table", "a mapping of hazards to reasons"),
        ("silence: {Drop Table: because}", "is no name of a hazard; `zdtui explain` lists them"),
    ],
)
def test_a_silence_without_rule_or_reason_does_not_load(silence: str, expected: str) -> None:
    with pytest.raises(PlanError) as caught:
        parse_plan(plan_with(with_action(f"sql: DROP TABLE t\n    {silence}")), "plan.yaml")
    assert expected in str(caught.value)


def compared(text: str) -> CompareAction:
    """What the first step of the plan compares."""
    action = parse_plan(text, "p.yaml").steps[0].action
    assert isinstance(action, CompareAction)
    return action


def test_a_comparison_of_two_tables_and_of_one_with_itself() -> None:
    two = with_action("compare: {from: t, into: u, columns: {id: id, x: y + 1}, where: y > 0, watch: 10min}")
    action = compared(plan_with(two))
    assert (action.source, action.into, action.watch) == ("t", "u", timedelta(minutes=10))
    assert action.columns == (("id", "id"), ("x", "y + 1"))
    one = with_action("compare: {from: t, columns: {x: y + 1}}")
    assert compared(plan_with(one)).into == "t"
    assert "columns" in problems_of(plan_with(with_action("compare: {from: t}")))
    assert "never closed" in problems_of(plan_with(with_action("compare: {from: t, columns: {x: (y}}")))


def test_the_throttle_of_a_plan() -> None:
    head = HEAD + (
        "throttle: {replication_lag: 2s, replication_lag_bytes: 64MB, wal_rate: 'off', autovacuum: ignore,"
        " query: SELECT 'go', timeout: 500ms, unanswered: slow, only: ['22:00-06:00', '12:30-13:00 UTC']}\n"
    )
    throttle = parse_plan(plan_with(step(), head=head), "p.yaml").throttle
    assert throttle.replication_lag == timedelta(seconds=2)
    assert throttle.replication_lag_bytes == 64 * 1024**2
    assert throttle.wal_rate is None
    assert not throttle.autovacuum
    assert throttle.unanswered == "slow"
    assert [(window.begins, window.ends) for window in throttle.only] == [(1320, 360), (750, 780)]


@pytest.mark.parametrize(
    ("throttle", "expected"),
    [
        ("{only: '25:00-06:00'}", "is not a time of day; write it like 22:00-06:00 (UTC)"),
        ("{wal_rate: much}", "is not a size"),
        ("{autovacuum: sometimes}", "is not known"),
        ("{unanswered: perhaps}", "is not known"),
    ],
)
def test_a_throttle_that_says_nothing_does_not_load(throttle: str, expected: str) -> None:
    assert expected in problems_of(plan_with(step(), head=HEAD + f"throttle: {throttle}\n"))


def test_a_file_outside_of_the_plans_folder_is_read_only_when_that_is_said(tmp_path: Path) -> None:
    (tmp_path / "plans" / "sql").mkdir(parents=True)
    (tmp_path / "secret.sql").write_text("SELECT 1")
    (tmp_path / "plans" / "sql" / "in.sql").write_text("SELECT 1")
    (tmp_path / "plans" / "link.sql").symlink_to("../secret.sql")
    (tmp_path / "plans" / "near.sql").symlink_to("sql/in.sql")
    file = tmp_path / "plans" / "p.yaml"
    for name in ("../secret.sql", str(tmp_path / "secret.sql"), "link.sql", "sql/../../secret.sql", "/etc/passwd"):
        file.write_text(plan_with(with_action(f"sql_file: {name}")))
        with pytest.raises(PlanError, match=r"leads out of the plan's folder.*--allow-files-outside"):
            load_plan(file)
        if name != "/etc/passwd":
            load_plan(file, files_outside=True)
    for name in ("sql/in.sql", "near.sql", str(tmp_path / "plans" / "sql" / "in.sql")):
        file.write_text(plan_with(with_action(f"sql_file: {name}")))
        load_plan(file)
