"""`e`: the plan's file in the operator's editor, and read again when it is closed."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from textual.app import App, SuspendNotSupported

from screens.terminal.editor import edit
from zdtui.errors import PlanError, ZdtuiError
from zdtui.plan.load import load_plan
from zdtui.plan.model import Plan
from zdtui.plan.shipped import plans_folder
from zdtui.regular_file import lies_in


def lent_by(app: App[Any]) -> Callable[[Callable[[], None]], None]:
    """Lends the app's terminal to what it is called with, and has everything drawn anew afterwards.

    Raises ZdtuiError where it cannot be lent.
    """

    def lend(use: Callable[[], None]) -> None:
        try:
            with app.suspend():
                use()
        except SuspendNotSupported:
            raise ZdtuiError("an editor cannot have this terminal: edit the file elsewhere, and open it anew") from None
        finally:
            app.refresh(layout=True)

    return lend


def edited(plan: Plan, *, files_outside: bool, lend: Callable[[Callable[[], None]], None]) -> Plan | str:
    """The plan as its file is afterwards, or a sentence that says why it stays as it was.

    `lend` gives the terminal to what it is called with, and takes it back.
    """
    if lies_in(plans_folder(), plan.path):
        return f"{Path(plan.path).name} comes with zdtui: copy it into a folder of your own, and open that"
    try:
        lend(lambda: edit(plan.path))
        after = load_plan(plan.path, files_outside=files_outside)
    except PlanError as error:
        return f"the console keeps the plan it had, for the file does not load: {_first(error)}"
    except ZdtuiError as error:
        return str(error)
    return "the plan is what it was" if after.digest == plan.digest else after


def _first(error: PlanError) -> str:
    """The first problem, where there are several; the console has one line for it."""
    if not error.problems:
        return str(error)
    first = error.problems[0]
    more = f"; {len(error.problems) - 1} more (zdtui check lists them)" if len(error.problems) > 1 else ""
    return f"line {first.line}: {first.sentence}{more}"
