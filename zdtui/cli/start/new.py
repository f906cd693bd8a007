"""`zdtui new`: a few questions in the terminal, and a plan."""

from contextlib import suppress
from itertools import count
from typing import TYPE_CHECKING

import click

from zdtui.cli.drawing.terminal import needs_terminal
from zdtui.cli.options import database_if_named
from zdtui.cli.say import ask, say, say_error

if TYPE_CHECKING:
    from zdtui.draft.draft import DraftedPlan


@click.command()
@database_if_named
def command(dsn: str | None) -> None:
    """Ask a few questions, and write a plan.

    What is to change is asked, or the statement that you would have run; a plan is drafted of it as by zdtui draft.
    With --dsn or --target the server's catalogs tell the tables, in a session that only reads. Ctrl+C leaves nothing.
    """
    needs_terminal("zdtui new, which asks questions,")
    text, name = _asked(dsn)
    path = keep(text, name)
    say(f"written: {path}", err=True)
    say(f"  zdtui check {path}   what it will do, and what may go wrong\n  zdtui run {path}     opens it", err=True)


def _asked(dsn: str | None) -> tuple[str, str]:
    """The plan's text, and a name for it: asked again where nothing can be drafted of what was said."""
    from zdtui.draft.drafted import DraftError
    from zdtui.start.questions import BACK, CHANGES, STATEMENT, TITLE, plan_of_one_step

    choices = [*(each.what for each in CHANGES), "another statement", "steps of my own: begin with one"]
    while True:
        say("What is to change?", err=True)
        say("\n".join(f"  {number:>2}  {what}" for number, what in enumerate(choices, 1)), err=True)
        chosen = _choice(len(choices))
        if chosen == len(choices):
            title, statement, back = (_answer(each.asks, each.may_be_empty) for each in (TITLE, STATEMENT, BACK))
            return plan_of_one_step(title, statement, back), title
        if chosen == len(choices) - 1:
            statement = _answer(STATEMENT.asks)
        else:
            change = CHANGES[chosen - 1]
            statement = change.statement_of(
                {each.name: _answer(each.asks, each.may_be_empty) for each in change.questions}
            )
        try:
            drafted = draft_of(statement, dsn)
        except DraftError as error:
            say_error(str(error))
            continue
        say("\n".join(told_of(statement, drafted)), err=True)
        return drafted.text, _name_in(drafted.text)


def draft_of(statement: str, dsn: str | None) -> "DraftedPlan":
    """The plan of the statement, by the server's catalogs where one is named. Raises DraftError, or TargetError."""
    from zdtui.cli.draft import known_of
    from zdtui.draft.draft import draft_plan

    known, database = known_of(statement, dsn, None, None)
    return draft_plan(statement, known, None, database)


def keep(text: str, name: str) -> str:
    """Write the plan into a file that was not there; the name is asked for."""
    from zdtui.draft.drafted import slug
    from zdtui.regular_file import FileError, put_new

    while True:
        path = ask("Into which file", default=f"{slug(name)}.yaml").strip()
        try:
            put_new(path, text)
        except FileError as error:
            say_error(str(error))
        else:
            return path


def put_beside(text: str) -> str:
    """Write the plan into a file of its name in this folder, or of the next free one; the file. Raises FileError."""
    from zdtui.regular_file import FileThereError, put_new

    name = _name_in(text)
    for number in count(1):
        path = f"{name}.yaml" if number == 1 else f"{name}-{number}.yaml"
        with suppress(FileThereError):
            put_new(path, text)
            return path
    raise AssertionError("numbers do not end")


def told_of(statement: str, drafted: "DraftedPlan") -> list[str]:
    """What was drafted, and what a person has to decide about it."""
    from zdtui.counted import counted

    lines = [f"drafted of {statement}: {counted(drafted.steps, 'step')}"]
    return lines + [f"  for you to decide: {each}" for each in drafted.decisions]


def _name_in(text: str) -> str:
    from zdtui.plan.load import parse_plan

    return parse_plan(text, "the draft").name


def _choice(most: int) -> int:
    while True:
        said = ask(f"1 to {most}").strip()
        if said.isdecimal() and 1 <= int(said) <= most:
            return int(said)
        say_error(f"{said or 'nothing'} is none of them: give a number from 1 to {most}")


def _answer(question: str, may_be_empty: bool = False) -> str:
    while True:
        said = ask(question, default="" if may_be_empty else None).strip()
        if said or may_be_empty:
            return said
