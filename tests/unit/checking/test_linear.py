"""What is read grows with what was written and no faster: four times the steps, four times the work, counted in calls."""

import sys
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from zdtui.checking.as_json import as_json
from zdtui.checking.as_text import as_lines
from zdtui.checking.check import check
from zdtui.checking.inputs import Given, Input
from zdtui.hazards.fix import fixed
from zdtui.plan.load import parse_plan
from zdtui.plan.render import render_plan
from zdtui.plan.summary import summary_lines

FEW, MANY = 16, 128
MOST = 1.25
"""How much more a step of many may cost than one of few; what is quadratic costs up to four times as much."""
HEAD = "zdtui: 1\nname: many\ntitle: Many\nsteps:\n"
STEP = "  - {{id: s{n}, title: S, phase: {phase}, sql: '{sql}', rollback: '{back}', verify: SELECT true}}\n"


def steps(count: int) -> str:
    step = "ALTER TABLE t{n} ADD COLUMN c{n} int"
    body = (STEP.format(n=n, phase="expand", sql=step.format(n=n), back=f"DROP TABLE t{n}") for n in range(count))
    return HEAD + "".join(body)


def dropping_steps(count: int) -> str:
    drop = "ALTER TABLE t{n} DROP COLUMN c{n}"
    body = (STEP.format(n=n, phase="contract", sql=drop.format(n=n), back="SELECT 1") for n in range(count))
    return HEAD + STEP.format(n="x", phase="expand", sql="CREATE TABLE x (i int)", back="DROP TABLE x") + "".join(body)


def filling_steps(count: int) -> str:
    fill = "  - {{id: s{n}, title: S, phase: backfill, backfill: {{table: t{n}, set: {{a: b}}}}, rollback: {{none: no}}}}\n"
    return HEAD + "".join(fill.format(n=n) for n in range(count))


def one_step(count: int) -> str:
    up = "".join(
        f"      CREATE TABLE t{n} (i int PRIMARY KEY, j int REFERENCES t{max(n - 1, 0)});\n" for n in range(count)
    )
    down = "".join(f"      DROP TABLE t{n};\n" for n in range(count))
    return f"{HEAD}  - id: s\n    title: S\n    phase: expand\n    sql: |\n{up}    rollback: |\n{down}"


def one_step_alone(count: int) -> str:
    up = "".join(f"      CREATE INDEX CONCURRENTLY i{n} ON t (c{n});\n" for n in range(count))
    down = "".join(f"      DROP INDEX CONCURRENTLY i{n};\n" for n in range(count))
    return f"{HEAD}  - id: s\n    title: S\n    phase: expand\n    sql: |\n{up}    rollback: |\n{down}"


PLANS = (steps, dropping_steps, filling_steps, one_step, one_step_alone)
FILES: dict[str, Callable[[int], str]] = {
    "locks": lambda count: "BEGIN;" + "".join(f"ALTER TABLE t{n} ADD COLUMN c int;\n" for n in range(count)),
    "psql": lambda count: "".join(
        f"\\set x '\n\\i {n}.sql\nSELECT {n} \\g\nDROP TABLE ${{t}}{n};\n" for n in range(count)
    ),
    "rows": lambda count: "".join(f"TRUNCATE t{n};\nDELETE FROM u{n};\n" for n in range(count)),
    "renames": lambda count: (
        "CREATE TABLE t0 (i int);" + "".join(f"ALTER TABLE t{n} RENAME TO t{n + 1};\n" for n in range(count))
    ),
    "partitions": lambda count: (
        "CREATE TABLE t (i int) PARTITION BY RANGE (i);"
        + "".join(f"CREATE TABLE p{n} PARTITION OF t FOR VALUES FROM ({n}) TO ({n + 1});\n" for n in range(count))
    ),
    "made and dropped": lambda count: (
        "".join(
            f"CREATE TABLE t{n} (i int PRIMARY KEY, j int REFERENCES t{max(n - 1, 0)}, CHECK (i > 0));\n"
            for n in range(count)
        )
        + "".join(f"DROP TABLE t{n};\n" for n in range(count))
    ),
    "functions": lambda count: "".join(
        f"CREATE FUNCTION f{n}() RETURNS int LANGUAGE sql AS 'SELECT 1';\n"
        f"ALTER TABLE t{n} ADD COLUMN c int DEFAULT f{n}();\n"
        for n in range(count)
    ),
}


def calls(work: Callable[[], object]) -> int:
    """How many functions are called, Python's and C's."""
    count = 0

    def note(frame: object, event: str, argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count


def checked(text: str, path: str) -> None:
    found = check(Given((Input(path, text, is_plan=path.endswith("yaml")),)), with_squawk=False)
    assert not found.unread
    list(as_lines(found))
    as_json(found)


def everything(text: str) -> None:
    checked(text, "p.yaml")
    plan = parse_plan(text, "p.yaml")
    list(summary_lines(plan))
    render_plan(plan)
    fixed(plan)


def costs_more(work: Callable[[int], object]) -> float:
    work(FEW)
    few, many = (calls(partial(work, count)) for count in (FEW + 1, MANY + 1))
    return many / few * FEW / MANY


@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: plan.__name__)
def test_a_plan_is_read_in_proportion(plan: Callable[..., Any]) -> None:
    assert costs_more(lambda count: everything(plan(count))) < MOST


@pytest.mark.parametrize("name", FILES)
def test_a_file_of_sql_is_read_in_proportion(name: str) -> None:
    assert costs_more(lambda count: checked(FILES[name](count), "x.sql")) < MOST


def test_what_is_quadratic_would_be_seen() -> None:
    assert costs_more(lambda count: [len(str(each)) for each in range(count) for _ in range(count)]) > 3
