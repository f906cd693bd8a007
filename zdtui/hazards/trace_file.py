"""Where a plan's trace is kept: beside the plan, under its name."""

import contextlib
from pathlib import Path

from zdtui.errors import PlanError
from zdtui.hazards.trace import Trace, of_this_plan, read_trace
from zdtui.plan.model import Plan


def trace_path(plan_path: str) -> Path:
    """'plans/add-index.yaml' → 'plans/add-index.trace.json'."""
    return Path(plan_path).with_suffix(".trace.json")


def kept_trace(plan: Plan) -> tuple[Trace | None, str]:
    """The trace kept beside the plan, if it is of this very text; else why it is not used, or nothing."""
    path = trace_path(plan.path)
    with contextlib.suppress(OSError, UnicodeDecodeError):
        text = path.read_text("utf-8")
        try:
            trace = read_trace(text, str(path))
        except PlanError as error:
            return None, str(error)
        if of_this_plan(trace, plan):
            return trace, ""
        return None, f"{path.name} is of another text of this plan; run zdtui trace again"
    return None, ""
