"""Proposing a plan: two new files in the root's folder of proposals, which a person finds and reads."""

import asyncio
import os

from pydantic import Field

from zdtui.agents.answer import Answer, RefusedError
from zdtui.agents.apart import Given
from zdtui.agents.says import Says
from zdtui.agents.tool import Arguments, Asked, Kind, LongText, Tool
from zdtui.agents.tools.checks import told
from zdtui.agents.tools.plans import plan_given
from zdtui.errors import PlanError
from zdtui.proposals.proposal import FOLDER
from zdtui.proposals.propose import ProposalError
from zdtui.proposals.propose import propose as keep


class Propose(Arguments):
    """See PROPOSE."""

    text: LongText = Field(description="the whole plan (YAML); check it first")


async def propose(asked: Asked, arguments: Propose) -> Answer:
    """Keep the plan as a proposal of this agent, on behalf of whoever started the server."""
    return await asyncio.to_thread(_kept, asked, arguments.text)


def _kept(asked: Asked, text: str) -> Answer:
    root = asked.place.root
    if os.path.lexists(root.folder / FOLDER):
        root.inside(FOLDER)
    plan = plan_given(asked, text)
    if any(getattr(part, "file", None) for step in plan.steps for part in (step.action, step.rollback)):
        raise RefusedError(Says.NAMES_A_FILE)
    try:
        path = keep(root.folder, text, by=asked.caller.agent, on_behalf_of=asked.caller.on_behalf_of)
    except (ProposalError, PlanError) as error:
        raise RefusedError(Says.NOT_PROPOSED, reason=told(str(error), Given.of(prose=[text]))) from None
    data = {
        "file": root.told(path),
        "plan": plan.name,
        "digest": plan.digest,
        "steps": [each.id for each in plan.steps],
    }
    return Answer((Says.PROPOSED,), data)


PROPOSE = Tool(
    "propose",
    Kind.PROPOSES,
    "Leave a plan for a person: a file in proposals/ that they read, statement by statement, and may run.",
    Propose,
    propose,
)
TOOLS = (PROPOSE,)
