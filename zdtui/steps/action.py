"""The one list of the kinds of step. Pure."""

from typing import Annotated, get_args

from pydantic import Field

from zdtui.steps.backfill import BackfillAction
from zdtui.steps.check import CheckAction
from zdtui.steps.compare import CompareAction
from zdtui.steps.copy import CopyAction
from zdtui.steps.manual import ManualAction
from zdtui.steps.sql import SqlAction
from zdtui.steps.unused import UnusedAction
from zdtui.steps.wait import WaitAction

Action = Annotated[
    SqlAction | BackfillAction | CopyAction | CompareAction | CheckAction | ManualAction | WaitAction | UnusedAction,
    Field(discriminator="kind"),
]
"""What a step does. In the order of the reference."""
KINDS: tuple[type[Action], ...] = get_args(get_args(Action)[0])
