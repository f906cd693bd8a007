"""`make screenshots`, second half: production, where something is in the way, cannot be seen, or is at its end.

A shop with a standby and traffic of its own, the tour as a plan for production, a report with parallel workers and a
forgotten transaction on the table that the first step wants. A person's keys drive it to FINISHED.
"""

import contextlib
import re
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
from screenshots import HERE, NARROW, SIZES, answer, ask_to_run, draw, picture, start, stop, tmux, wait_for

from zdtui.demo.shop import APPLICATION, DATABASE, OPERATOR
from zdtui.demo.stage import Demo, DemoSettings, start_demo
from zdtui.plan.load import load_plan
from zdtui.plan.shipped import plans_folder

USERS = 20_000
DRAWN_AFTER = 2.0
"""Seconds after which a pane that was opened has its figures."""
BACKFILL_WITHIN = 600.0
"""Seconds the longest step may take."""
REPORT = "SELECT count(*) FROM users a JOIN users b ON a.id % 3 = b.id % 3"
"""Takes minutes, and parallel workers."""


@contextlib.contextmanager
def in_the_way(demo: Demo) -> Iterator[None]:
    """A report that works on users, and a transaction that wrote to it and was forgotten."""
    dsn = demo.primary.dsn(DATABASE, APPLICATION)
    with (
        contextlib.closing(psycopg.connect(dsn, application_name="nightly-report", autocommit=True)) as report,
        contextlib.closing(psycopg.connect(dsn, application_name="billing-worker")) as forgotten,
    ):
        report.execute(
            "SET max_parallel_workers_per_gather = 2; SET parallel_setup_cost = 0; SET min_parallel_table_scan_size = 0"
        )
        report.pgconn.send_query(REPORT.encode())
        forgotten.execute("UPDATE users SET name = name WHERE id = 4711")
        yield
        report.cancel_safe()


def confirm(step: str, then: str, note: str = "") -> None:
    """Ask to run the step, type its id; then wait for what follows."""
    ask_to_run(note)
    wait_for(f"type +{step}")
    answer(step)
    wait_for(then, BACKFILL_WITHIN)


def take(demo: Demo, plan: Path, width: int, height: int) -> Iterator[tuple[str, str]]:
    """The name and the screen of each state."""
    with_superuser(demo, f"REVOKE pg_monitor FROM {OPERATOR}")
    start(width, height, f"{sys.executable} -m zdtui run {plan} --dsn '{demo.dsn}'")
    wait_for(r"lag \?")
    tmux("send-keys", "4")
    time.sleep(DRAWN_AFTER)
    yield "hidden-standby", picture()
    stop()
    with_superuser(demo, f"GRANT pg_monitor TO {OPERATOR}")
    start(width, height, f"{sys.executable} -m zdtui run {plan} --dsn '{demo.dsn}'")
    wait_for("READY")
    steps = [step.id for step in load_plan(plan).steps]
    with in_the_way(demo):
        confirm(steps[0], "BLOCKED")
        if width < NARROW:
            tmux("send-keys", "2")
        wait_for("billing-worker")
        yield "blocked", picture()
        tmux("send-keys", "2", "Down", "Down", "Enter")
        wait_for("doing")
        yield "details", picture()
        tmux("send-keys", "Escape", "Escape")
    wait_for(f"next is {steps[1]}")
    for step, following in zip(steps[1:], [*steps[2:], ""], strict=True):
        if step == "stop-sync":
            tmux("send-keys", "R")
            wait_for("type +stop-sync")
            yield "point-of-no-return", picture()
            tmux("send-keys", "Escape")
            wait_for(r"(?s)\A(?!.*type +stop-sync)")
        note = "release 2026-11 is out" if step.startswith("deploy") else ""
        confirm(step, f"next is {following}" if following else "FINISHED", note)
    yield "finished", picture()
    stop()


def with_superuser(demo: Demo, statement: str) -> None:
    """Change what the operator's role may see."""
    with psycopg.connect(demo.primary.dsn(), autocommit=True) as connection:
        connection.execute(statement.encode())


def main() -> None:
    """Every state at every size."""
    text = (plans_folder() / "split-user-name.yaml").read_text()
    text = re.sub("environment: staging", "environment: production", text.replace("wait: 10s", "wait: 2s"))
    with TemporaryDirectory() as folder:
        plan = Path(folder) / "split-user-name.yaml"
        plan.write_text(text)
        for width, height in SIZES:
            demo = start_demo(DemoSettings(users=USERS), lambda said: None)
            try:
                for name, screen in take(demo, plan, width, height):
                    file = HERE / f"{name}-{width}x{height}.svg"
                    file.write_text(draw(screen, width, f"zdtui, {width} x {height}"))
                    sys.stdout.write(f"{file.name}\n")
            finally:
                stop()
                demo.close()


if __name__ == "__main__":
    main()
