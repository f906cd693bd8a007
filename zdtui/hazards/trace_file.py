"""Where a plan's trace is kept: beside the plan, under its name. It is trusted no further than any other file."""

from pathlib import Path

from zdtui.errors import PlanError
from zdtui.hazards.trace import Trace, foreign, made_elsewhere, read_trace
from zdtui.plan.model import Plan
from zdtui.regular_file import FileError, FileOutsideError, NoSuchFileError, read_text

LARGEST = 20 * 1024 * 1024
"""Bytes: a plan of ten thousand steps has less."""


def trace_path(plan_path: str) -> Path:
    """'plans/add-index.yaml' → 'plans/add-index.trace.json'."""
    return Path(plan_path).with_suffix(".trace.json")


def kept_trace(plan: Plan, server_version: int | None = None) -> tuple[Trace | None, str]:
    """The trace kept beside the plan, if it is of this very plan, and what is to be known of it.

    `server_version` is the major version of the server the plan is for, where it is known. Never raises.
    """
    try:
        path = trace_path(plan.path)
        text = read_text(path, "trace", largest=LARGEST, inside=path.parent)
        trace = read_trace(text, path.name)
    except (NoSuchFileError, ValueError):
        return None, ""
    except FileOutsideError:
        return None, f"{path.name} is not read: it is a link that leads out of the plan's folder"
    except (FileError, PlanError) as error:
        return None, f"the trace is not read: {error}"
    if why := foreign(trace, plan):
        return None, f"{path.name} {why}"
    note = made_elsewhere(trace, server_version)
    return trace, f"{path.name} {note}" if note else ""
