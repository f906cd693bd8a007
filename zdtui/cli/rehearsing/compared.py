"""A run of the plan, by the journal of a database, beside the evidence of its rehearsal."""

import asyncio

from zdtui.cli.say import say
from zdtui.errors import JournalError
from zdtui.evidence.file import read
from zdtui.plan.model import Plan
from zdtui.postgres.target.target import Target
from zdtui.run.journal.beside_rehearsal import compared_lines
from zdtui.run.journal.reader import fold, read_journal


def compare(plan: Plan, target: Target, run: str, evidence: str) -> None:
    """Print both beside each other. `run`: the beginning of its id, or `last`; `evidence`: the path of the file.

    Raises ZdtuiError: there is no evidence or no such run, it is another plan's, or its journal is not whole.
    """
    known = read(evidence)
    journal = asyncio.run(read_journal(target, None if run == "last" else run))
    state = fold(journal.events)
    if state.opened is not None and state.opened.plan_name != plan.name:
        raise JournalError(f"run {str(journal.run)[:8]} is of the plan {state.opened.plan_name}, not of {plan.name}")
    say("\n".join(compared_lines(plan, known, state, journal.events)))
    if journal.damage is not None:
        raise JournalError(journal.damage.sentence)
