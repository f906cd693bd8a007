"""One step rehearsed on a scratch server for the console that began it: `python -m zdtui.cli.rehearsing.one_step`.

One JSON object comes on standard input, so that no password stands in a list of processes: `conninfo`, `password`,
`plan` (its path), `digest` (of its text) and `step`. A line goes out for each thing that happens. It ends with 0 once
what it saw is kept, whatever that proves; with another code nothing was kept, and its last line says why.
"""

import asyncio
import json
import sys
from dataclasses import dataclass
from typing import Any

import psycopg

from zdtui.cli.on_signal import unwound_by_signals
from zdtui.cli.rehearsing.lines import PASSED, told_of
from zdtui.cli.say import flush, open_door, say
from zdtui.errors import ZdtuiError
from zdtui.evidence.beside import kept_evidence
from zdtui.evidence.file import evidence_path, report_path, write
from zdtui.evidence.markdown import write_report
from zdtui.evidence.merged import with_steps
from zdtui.evidence.model import Evidence
from zdtui.plan.load import load_plan
from zdtui.plan.model import Plan, Step
from zdtui.postgres.sessions.error_text import sentence
from zdtui.postgres.target.target import Target
from zdtui.regular_file import FileError
from zdtui.rehearse.going import Gone
from zdtui.rehearse.judged import lines
from zdtui.rehearse.passes import Move
from zdtui.rehearse.rehearsal import Wishes, rehearse
from zdtui.run.engine.surface import EngineSurface

NOTHING_KEPT = 2
ROWS = 1000
"""Rows that are made up for a table: enough for a statement to have something to do."""
LONGEST = 2000
"""Characters of a line; the console folds it."""


@dataclass(frozen=True, slots=True)
class Said:
    """Says what happens, a line each, at once."""

    def says(self, sentence: str) -> None:
        """A line of its own."""
        say(sentence[:LONGEST])
        flush()

    def begins(self, number: int, total: int, move: Move) -> None:
        """Nothing: a line is said when it is over."""

    def gone(self, gone: Gone, total: int) -> None:
        """One line."""
        self.says(f"[{gone.number}/{total}] {told_of(gone)}")

    def shown(self, engine: EngineSurface) -> bool:
        """Nobody sees it."""
        return False

    async def by_hand(self, step: Step) -> str | None:
        """Nobody can be asked."""
        return PASSED


def main() -> int:
    """Read, rehearse, keep; the exit code."""
    open_door()
    task, said = json.load(sys.stdin), Said()
    try:
        with unwound_by_signals():
            return _rehearsed(task, said)
    except ZdtuiError as error:
        said.says(str(error))
        return NOTHING_KEPT
    except psycopg.Error as error:
        said.says(sentence(error))
        return NOTHING_KEPT


def _rehearsed(task: dict[str, Any], said: Said) -> int:
    plan = load_plan(task["plan"], files_outside=True)
    if plan.digest != task["digest"]:
        raise ZdtuiError("the plan's text was changed since the console was opened; start it again")
    evidence = asyncio.run(
        rehearse(
            plan.model_copy(update={"steps": (plan.step(task["step"]),)}),
            Target(task["conninfo"], task["password"]),
            Wishes(called="scratch", scratch=True, rows=ROWS),
            said,
        )
    )
    for line in lines(evidence):
        said.says(line)
    _keep(plan, evidence.model_copy(update={"whole": None}), said)
    return 0


def _keep(plan: Plan, evidence: Evidence, said: Said) -> None:
    """Beside the plan, with what was known of its other steps."""
    known = with_steps(kept_evidence(plan).evidence, evidence, plan)
    try:
        write(known, evidence_path(plan.path))
        write_report(known, str(report_path(plan.path)))
    except FileError as error:
        raise ZdtuiError(f"what was proved cannot be kept: {error}") from None
    said.says(f"kept in {evidence_path(plan.path).name}")


if __name__ == "__main__":
    sys.exit(main())
