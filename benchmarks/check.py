"""How long a check of many statements takes: `python benchmarks/check.py [--statements N] [--steps N]`.

The statements are a migration's usual ones, each with names of its own, in one file of SQL. Three figures: without
squawk, with it, and squawk alone over the same file. Then a plan of `--steps` steps, each with a rollback and a verify,
and of a tenth of them: `seconds_a_step_ratio` is 1 where twice the steps take twice the time. Reading the file and
writing the report as JSON are counted, starting Python and importing are not. Prints one JSON line last.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.machine import machine
from zdtui.checking.as_json import as_json
from zdtui.checking.check import check
from zdtui.checking.inputs import read_inputs
from zdtui.hazards.squawk import find_squawk

STATEMENTS = (
    "CREATE TABLE t{n} (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL, made timestamptz)",
    "CREATE INDEX CONCURRENTLY IF NOT EXISTS orders_by_{n} ON orders_{t} (customer_id, c{n})",
    "ALTER TABLE orders_{t} ADD COLUMN c{n} integer NOT NULL DEFAULT 0",
    "ALTER TABLE orders_{t} ADD CONSTRAINT fk{n} FOREIGN KEY (c{n}) REFERENCES t{n} (id) NOT VALID",
    "ALTER TABLE orders_{t} VALIDATE CONSTRAINT fk{n}",
    "UPDATE orders_{t} SET c{n} = length(name) WHERE c{n} IS NULL AND id BETWEEN {n} AND {n} + 1000",
    "CREATE INDEX items_by_{n} ON items_{t} (order_id) WHERE state = 'new'",
    "ALTER TABLE items_{t} ALTER COLUMN c{n} TYPE bigint",
    "CREATE FUNCTION f{n}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.c{n} := 1; RETURN NEW; END $$",
    "ALTER TABLE items_{t} DROP COLUMN IF EXISTS d{n}",
)
STEP = """  - id: s{n}
    title: Step {n}
    phase: expand
    sql: ALTER TABLE orders_{t} ADD COLUMN c{n} integer
    rollback: ALTER TABLE orders_{t} DROP COLUMN c{n}
    verify: SELECT true
"""
TABLES = 100
REPEATS = 3


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--statements", type=int, default=10_000)
    parser.add_argument("--steps", type=int, default=10_000)
    given = parser.parse_args()
    count, steps = given.statements, given.steps
    text = "".join(f"{_statement(place)};\n" for place in range(count))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "migration.sql")
        path.write_text(text)
        figures = {
            "statements": count,
            "seconds": _best(lambda: _check(path, count, with_squawk=False)),
            "seconds_with_squawk": _best(lambda: _check(path, count, with_squawk=True)),
            "seconds_squawk_alone": _best(lambda: _squawk_alone(path)),
        }
        few, many = _plan(Path(folder, "few.yaml"), steps // 10), _plan(Path(folder, "many.yaml"), steps)
        seconds_of_few = _best(lambda: _check(few, steps // 10 * 3, with_squawk=True))
        seconds = _best(lambda: _check(many, steps * 3, with_squawk=True))
        figures |= {
            "steps": steps,
            "seconds_of_steps": seconds,
            "seconds_of_a_tenth": seconds_of_few,
            "seconds_a_step_ratio": round(seconds / steps / (seconds_of_few / (steps // 10)), 2),
        }
    print(json.dumps(machine(), indent=2))
    print(json.dumps({"benchmark": "check", **figures}))


def _plan(path: Path, steps: int) -> Path:
    body = "".join(STEP.format(n=place, t=place % TABLES) for place in range(steps))
    path.write_text(f"zdtui: 1\nname: many\ntitle: Many steps\nsteps:\n{body}")
    return path


def _statement(place: int) -> str:
    number = place // len(STATEMENTS)
    return STATEMENTS[place % len(STATEMENTS)].format(n=number, t=number % TABLES)


def _best(measured: Callable[[], None]) -> float:
    """The least of some measurements, each in a process of its own: nothing that one has kept helps the next."""
    return round(min(_timed(measured) for _ in range(REPEATS)), 3)


def _timed(measured: Callable[[], None]) -> float:
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        begun = time.perf_counter()
        measured()
        os.write(writing, str(time.perf_counter() - begun).encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as answer:
        seconds = answer.read()
    _, status = os.waitpid(child, 0)
    assert status == 0, "the measurement failed; its process says why"
    return float(seconds)


def _check(path: Path, count: int, *, with_squawk: bool) -> None:
    checked = check(read_inputs([str(path)], []), with_squawk=with_squawk)
    assert len(checked.findings) == count, "every statement is found"
    assert not checked.notes, checked.notes
    as_json(checked)


def _squawk_alone(path: Path) -> None:
    program = find_squawk()
    assert program is not None, "squawk-cli is installed with zdtui"
    subprocess.run([program, "--reporter=json", path], capture_output=True, check=False)


if __name__ == "__main__":
    main()
