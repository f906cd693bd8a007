"""`python -m benchmarks.campaign.operator PLAN DSN LOOK NAME`: a console without a screen, and who sits before it.

The engine is the console's own. The operator confirms what is next, takes the run over when nobody holds it, looks with
plain SQL (by the connection LOOK) at what is in doubt, and leaves when all is done. What it shows goes to standard
output as lines of JSON, one for each change; words on standard input are commands (`pause`, `leave`, `go`,
`tasks`: where each of its tasks waits, to standard error).
"""

import asyncio
import gc
import json
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg

from benchmarks.campaign.plan import LOOKS
from zdtui.cli.hang_up import HangUp
from zdtui.plan.load import load_plan
from zdtui.plan.model import Step
from zdtui.postgres.sessions.connect import Target
from zdtui.run.decisions.confirm_text import step_digest
from zdtui.run.decisions.decide import clean_up_sql
from zdtui.run.decisions.snapshot import Snapshot
from zdtui.run.engine.engine import Engine
from zdtui.run.model import commands as c
from zdtui.run.model import events as e
from zdtui.run.model.console import ConnectionState, ConsoleRole
from zdtui.run.model.state import StepState, StepStatus

AGAIN = 0.4
"""Seconds between two tries of the same thing."""
STAYS = 0.5
"""Seconds an operator still looks at a finished run."""
LEFTOVERS = """
SELECT x.indexrelid::regclass::text FROM pg_catalog.pg_index AS x
 WHERE NOT x.indisvalid AND x.indrelid = to_regclass('public.item')
"""
AT_WORK = """
SELECT count(*) FROM pg_catalog.pg_stat_activity
 WHERE datname = current_database() AND application_name = 'zdtui chaos' AND state <> 'idle' AND pid <> %s
"""


def shown(snapshot: Snapshot, note: str = "") -> dict[str, Any]:
    """What a person would see, and what a campaign needs to aim."""
    activity, backend = snapshot.activity, snapshot.conductor_backend
    progress = activity.progress if activity else None
    return {
        "seat": str(snapshot.console_role),
        "link": str(snapshot.connection_state),
        "word": str(snapshot.verdict.word),
        "reason": snapshot.verdict.reason,
        "refusal": snapshot.refusal,
        "next": snapshot.next_step,
        "doing": None if activity is None else str(activity.doing),
        "steps": {step: str(state.status) for step, state in snapshot.run.steps.items()},
        "rows": {step: state.rows for step, state in snapshot.run.steps.items() if state.status is StepStatus.DONE},
        "sequence": snapshot.run.sequence,
        "kind": snapshot.run.log[-1].event.kind if snapshot.run.log else "",
        "batches": progress.batches if progress else 0,
        "finished": snapshot.run.finished,
        "pid": backend.pid if backend else None,
        "damage": snapshot.damage.sentence if snapshot.damage else "",
        "note": note,
    }


def waiting_tasks() -> list[str]:
    """One line for each task of this process: the places at which it waits, outermost first."""
    tasks = [each for each in gc.get_objects() if isinstance(each, asyncio.Task) and not each.done()]
    return [f"{task.get_name()}: {' > '.join(_places(task.get_coro()))}" for task in tasks]


def _places(waits: Any) -> Iterator[str]:
    while waits is not None:
        frame = getattr(waits, "cr_frame", None) or getattr(waits, "ag_frame", None) or getattr(waits, "gi_frame", None)
        if frame is not None:
            yield f"{Path(frame.f_code.co_filename).name}:{frame.f_lineno} {frame.f_code.co_name}"
        waits = next(
            (found for name in ("cr_await", "ag_await", "gi_yieldfrom") if (found := getattr(waits, name, None))), None
        )


class Operator:
    """One engine, and the policy of a careful person."""

    def __init__(self, plan_path: str, dsn: str, look: str, name: str) -> None:
        self.plan = load_plan(plan_path)
        self.engine = Engine(self.plan, Target(dsn), operator=name)
        self.look = look
        self._changed = threading.Event()
        self._last: dict[str, Any] = {}
        self._tried: dict[str, float] = {}
        self._note = ""
        self._finished_at: float | None = None
        self._dialled = False

    def run(self) -> int:
        """Until all is done, or the engine has ended; the exit code of the console."""
        self.engine.subscribe(self._changed.set)
        threading.Thread(target=self._listen, daemon=True).start()
        with HangUp(self.engine, leave=lambda: None) as hang_up:
            self.engine.start()
            while not self.engine.stopped:
                self._changed.wait(0.2)
                self._changed.clear()
                snapshot = self.engine.snapshot
                self._say(shown(snapshot, self._note))
                if not self._is_over(snapshot):
                    self._act(snapshot)
            self._say({**shown(self.engine.snapshot), "failure": str(self.engine.failure or "")})
        if hang_up.exit_code is not None:
            return hang_up.exit_code
        return 0 if self.engine.failure is None else 2 if self.engine.failure.expected else 1

    def _listen(self) -> None:
        for line in sys.stdin:
            match line.strip():
                case "pause":
                    self.engine.submit(c.Pause())
                case "leave":
                    self.engine.stop("told to leave")
                case "go":
                    self.engine.stop("told to go", force=True)
                case "tasks":
                    sys.stderr.write("".join(f"{each}\n" for each in waiting_tasks()))
                    sys.stderr.flush()

    def _say(self, what: dict[str, Any]) -> None:
        if what != self._last:
            self._last = what
            sys.stdout.write(json.dumps(what) + "\n")
            sys.stdout.flush()

    def _is_over(self, snapshot: Snapshot) -> bool:
        """Whether the run is finished; an operator leaves a moment later."""
        over = (
            snapshot.run.finished
            and snapshot.next_step is None
            and snapshot.connection_state is ConnectionState.CONNECTED
        )
        if not over or snapshot.activity is not None:
            self._finished_at = None
            return False
        self._finished_at = self._finished_at or time.monotonic()
        if time.monotonic() - self._finished_at > STAYS:
            self.engine.stop("all is done")
        return True

    def _may(self, what: str) -> bool:
        """Whether it is time for another try of this."""
        now = time.monotonic()
        if now - self._tried.get(what, 0.0) < AGAIN:
            return False
        self._tried[what] = now
        return True

    def _act(self, snapshot: Snapshot) -> None:
        if snapshot.connection_state is ConnectionState.LOST or snapshot.leaving is not None:
            return
        if snapshot.damage is not None:
            if snapshot.lock_holder is None and self._may("accept"):
                why = "the standby that was promoted lacked the end of the log"
                self.engine.submit(c.AcceptJournal(snapshot.damage.digest, self.plan.name, why))
            return
        if snapshot.console_role is ConsoleRole.OBSERVER:
            if snapshot.lock_holder is None and self._may("take over"):
                self.engine.submit(c.TakeOver())
            return
        if not self._dialled:
            self._dialled = True
            self.engine.submit(c.SetThrottleLevel(c.ThrottleLevel.FULL))
        following = snapshot.next_step
        if snapshot.activity is None and following is not None and self._may(f"step {following}"):
            self._go_on(self.plan.step(following), snapshot)

    def _go_on(self, step: Step, snapshot: Snapshot) -> None:
        state = snapshot.run.step(step.id)
        if state.status is StepStatus.IN_DOUBT:
            self._settle(step, state, snapshot)
        elif state.hold is e.HoldKind.INVALID_INDEX:
            self._clean_up(step)
        else:
            self.engine.submit(c.RunStep(step.id, step_digest(step), step.id))

    def _settle(self, step: Step, state: StepState, snapshot: Snapshot) -> None:
        """Look, once nothing of ours is at work any more, and say what is so."""
        backend = snapshot.conductor_backend
        question = LOOKS.get((step.id, state.statement_in_doubt or 0))
        if question is None:
            self._note = f"no way to look at {step.id} {state.statement_in_doubt}"
            return
        try:
            with psycopg.connect(self.look, autocommit=True, connect_timeout=5) as psql:
                if psql.execute(AT_WORK, [backend.pid if backend else 0]).fetchone() != (0,):
                    return
                done = psql.execute(question.encode()).fetchone() == (True,)
        except psycopg.Error as error:
            self._note = f"could not look: {error}"
            return
        self._note = f"{step.id} {state.statement_in_doubt} is {'done' if done else 'not done'}"
        self.engine.submit(c.SettleDoubt(step.id, done, f"plain SQL says so: {question}"))

    def _clean_up(self, step: Step) -> None:
        try:
            with psycopg.connect(self.look, autocommit=True, connect_timeout=5) as psql:
                left = psql.execute(LEFTOVERS).fetchone()
        except psycopg.Error as error:
            self._note = f"could not look: {error}"
            return
        name = left[0] if left else "item_v"
        self.engine.submit(c.CleanUpIndex(step.id, name, clean_up_sql(name)))


if __name__ == "__main__":
    sys.exit(Operator(*sys.argv[1:5]).run())
