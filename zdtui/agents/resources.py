"""What can be read: the format of plans, hazards, shipped plans, runs and the evidence of rehearsals."""

import contextlib
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from zdtui.agents.answer import Answer, Document, RefusedError
from zdtui.agents.says import Says
from zdtui.agents.tool import Asked
from zdtui.agents.tools import runs
from zdtui.evidence.file import EvidenceError, evidence_path
from zdtui.evidence.file import read as evidence
from zdtui.evidence.model import Evidence
from zdtui.hazards.explain import index, page
from zdtui.hazards.rules import BY_NAME
from zdtui.plan.reference import reference
from zdtui.plan.schema import schema_text
from zdtui.plan.shipped import plans_folder, shipped_plans
from zdtui.plan.source import read_text
from zdtui.regular_file import FileError

MARKDOWN, JSON, YAML = "text/markdown", "application/json", "application/yaml"
LONGEST_URI = 300


@dataclass(frozen=True, slots=True)
class Resource:
    """Something that can be read; `{...}` in its address stands for a name."""

    uri: str
    name: str
    about: str
    mime: str
    read: Callable[[Asked, str], Awaitable[Answer]]

    @property
    def pattern(self) -> re.Pattern[str]:
        """What addresses of it look like."""
        return re.compile(re.sub(r"\\{\w+\\}", r"([A-Za-z0-9._-]{1,100})", re.escape(self.uri)))


async def _page_of_ours(make: Callable[[], str], _: Asked, __: str) -> Answer:
    return Answer((), {"text": Document(make())})


async def _hazard(_: Asked, name: str) -> Answer:
    rule = BY_NAME.get(name)
    if rule is None:
        raise RefusedError(Says.NO_SUCH_HAZARD)
    return Answer((), {"text": Document(page(rule))})


async def _shipped(_: Asked, name: str) -> Answer:
    if name not in shipped_plans():
        raise RefusedError(Says.NO_SUCH_RESOURCE)
    return Answer((), {"text": Document(read_text(plans_folder() / f"{name}.yaml"))})


async def _plans(_: Asked, __: str) -> Answer:
    return Answer((), {"plans": list(shipped_plans())})


async def _evidence(asked: Asked, name: str) -> Answer:
    """Of a plan of that name, which lies in the root folder or among its proposals."""
    for folder in (".", "plans", "proposals"):
        with contextlib.suppress(RefusedError):
            path = asked.place.root.inside(f"{folder}/{evidence_path(f'{name}.yaml')}")
            try:
                return Answer((Says.EVIDENCE,), _without_sentences(evidence(path, inside=asked.place.root.folder)))
            except (EvidenceError, FileError):
                raise RefusedError(Says.NO_EVIDENCE) from None
    raise RefusedError(Says.NO_EVIDENCE)


def _without_sentences(kept: Evidence) -> dict[str, Any]:
    """Figures, names and verdicts; what it says in words may be anybody's."""
    words = {"why"}
    told = kept.model_dump(mode="json", exclude={"notes", "load", "steps", "whole"})
    steps = [each.model_dump(mode="json", exclude=words) for each in kept.steps]
    whole = None if kept.whole is None else kept.whole.model_dump(mode="json", exclude=words)
    return {**told, "steps": steps, "whole": whole}


async def _runs(asked: Asked, _: str) -> Answer:
    return await runs.run_status(asked, runs.RunStatus())


async def _status(asked: Asked, run: str) -> Answer:
    return await runs.run_status(asked, runs.RunStatus(run=run))


async def _log(asked: Asked, run: str) -> Answer:
    return await runs.run_log(asked, runs.RunLog(run=run))


RESOURCES = (
    Resource("zdtui://plan/format", "plan format", "Every key of a plan.", MARKDOWN, partial(_page_of_ours, reference)),
    Resource("zdtui://plan/schema", "plan schema", "JSON Schema of a plan.", JSON, partial(_page_of_ours, schema_text)),
    Resource("zdtui://hazards", "hazards", "Every hazard, a line each.", MARKDOWN, partial(_page_of_ours, index)),
    Resource("zdtui://hazards/{rule}", "hazard", "A hazard's page.", MARKDOWN, _hazard),
    Resource("zdtui://plans", "shipped plans", "Names of the plans that come with zdtui.", JSON, _plans),
    Resource("zdtui://plans/{name}", "shipped plan", "A plan that comes with zdtui.", YAML, _shipped),
    Resource("zdtui://evidence/{plan}", "evidence", "What a rehearsal of a plan's file saw.", JSON, _evidence),
    Resource("zdtui://runs", "runs", "The newest run, and those that are not finished.", JSON, _runs),
    Resource("zdtui://runs/{run}/status", "run status", "Where a run stands; can be subscribed to.", JSON, _status),
    Resource("zdtui://runs/{run}/log", "run log", "What happened, newest first.", JSON, _log),
    Resource("zdtui://runs/{run}/report", "run report", "All of a run, in figures.", JSON, runs.run_report),
)
STATUS = re.compile(r"zdtui://runs/([0-9a-f-]{4,36})/status")


def listed() -> tuple[Resource, ...]:
    """Those with an address of their own."""
    return tuple(each for each in RESOURCES if "{" not in each.uri)


def templates() -> tuple[Resource, ...]:
    """Those whose address holds a name."""
    return tuple(each for each in RESOURCES if "{" in each.uri)


def resource_at(uri: str) -> tuple[Resource, str]:
    """What is at that address, and the name in it. Raises RefusedError."""
    for each in RESOURCES if len(uri) <= LONGEST_URI else ():
        found = each.pattern.fullmatch(uri)
        if found is not None:
            return each, found[1] if found.groups() else ""
    raise RefusedError(Says.NO_SUCH_RESOURCE)


async def read_resource(asked: Asked, uri: str) -> Answer:
    """The resource. Raises RefusedError."""
    resource, name = resource_at(uri)
    return await resource.read(asked, name)


def text_of(document: dict[str, Any], written: str) -> str:
    """What is sent: a page of ours as it is, all else as JSON with its marks."""
    return str(document["data"]["text"]) if set(document["data"]) == {"text"} else written
