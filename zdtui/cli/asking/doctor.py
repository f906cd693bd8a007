"""`zdtui doctor`: the preflight board of a server, or of a plan on it, without the console."""

import asyncio
from typing import TYPE_CHECKING

import click

from zdtui.cli.options import allow_files_outside, plan_argument, which_database
from zdtui.cli.say import say, say_ours, say_styled
from zdtui.sql.text.secrets import masked

if TYPE_CHECKING:
    from zdtui.run.preflight.board import Board

COLOURS = {"stop": "red", "warn": "yellow", "ok": None}


@click.command()
@plan_argument(required=False)
@which_database
@click.option("--json", "as_json", is_flag=True, help="The checks as JSON: name, outcome, finding, advice.")
@allow_files_outside
def command(plan: str | None, dsn: str, as_json: bool, files_outside: bool) -> None:
    """Check the database as the console does before a first step; with PLAN also the tables and rights it needs.

    It only reads. Ends with 0, also after warnings, with 1 when a check says stop, and with 2 when it could not look.
    """
    from zdtui.cli.reachable import reachable
    from zdtui.plan.load import load_plan
    from zdtui.plan.shipped import find_plan
    from zdtui.run.preflight.board import Outcome
    from zdtui.run.preflight.doctor import look

    loaded = None if plan is None else load_plan(find_plan(plan), files_outside=files_outside)
    board = asyncio.run(look(reachable(dsn), loaded))
    if as_json:
        say_ours(_json(board))
    else:
        _write(board)
    raise click.exceptions.Exit(1 if board.outcome is Outcome.STOP else 0)


def _write(board: "Board") -> None:
    """Each check on its line, what can be done about it below."""
    for each in board.checks:
        said = masked(f" {each.name}: {each.finding}")
        say_styled([(f"{each.outcome.upper():<4}", COLOURS[each.outcome]), (said, None)])
        if each.advice:
            say(f"     {each.advice}")


def _json(board: "Board") -> str:
    from zdtui.drawable import drawable_json
    from zdtui.sql.text.secrets import values_without_secrets

    checks = [
        {"name": each.name, "outcome": str(each.outcome), "finding": each.finding, "advice": each.advice}
        for each in board.checks
    ]
    told = {"outcome": str(board.outcome), "taken_at": board.taken_at.isoformat(), "checks": checks}
    return drawable_json(values_without_secrets(told), indent=2)
