"""The plans of a folder, read for their titles: none is passed over in silence."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from zdtui.errors import ZdtuiError
from zdtui.plan.load import parse_plan
from zdtui.plan.model import Plan
from zdtui.proposals.found import read as proposal_of
from zdtui.proposals.proposal import FOLDER, Proposal
from zdtui.regular_file import FileError, read_regular, text_of

MOST_FILES = 100
LARGEST_READ = 256 * 1024
"""Bytes of a plan that is read for its title."""
PROBLEMS = "has problems: zdtui check tells them"
LARGE = f"larger than {LARGEST_READ // 1024} KB, and not read for this list"
NOT_READABLE = "cannot be read: zdtui check tells why"


@dataclass(frozen=True, slots=True)
class PlansHere:
    """The plans of a folder."""

    found: Mapping[str, Plan | str]
    """By path; a sentence in the place of a plan says why there is none of it to show."""
    not_looked_at: int
    """Files beyond the first hundred of each folder."""
    proposals: Mapping[str, Proposal]
    """Of those that are proposals who made them."""


def plans_here(folder: Path) -> PlansHere:
    """The plans in that folder, and its proposals. Only what is certainly no plan is left out."""
    found: dict[str, Plan | str] = {}
    not_looked_at = 0
    for where in (folder, folder / FOLDER):
        paths = sorted([*where.glob("*.yaml"), *where.glob("*.yml")])
        read = {str(path): _plan(path) for path in paths[:MOST_FILES]}
        found |= {path: each for path, each in read.items() if each is not None}
        not_looked_at += len(paths[MOST_FILES:])
    proposed = {path: proposal for path in found if (proposal := proposal_of(path)) is not None}
    return PlansHere(found, not_looked_at, proposed)


def _plan(path: Path) -> Plan | str | None:
    """The plan, or why it cannot be shown; None for a file that is no plan."""
    try:
        data = read_regular(path, "plan", largest=LARGEST_READ)
    except FileError:
        return _why_not_read(path)
    try:
        text = text_of(data, str(path))
    except FileError:
        return None
    if not any(line.startswith("zdtui:") for line in text.splitlines()):
        return None
    try:
        return parse_plan(text, str(path))
    except ZdtuiError:
        return PROBLEMS


def _why_not_read(path: Path) -> str | None:
    """Why a file that may be a plan was not read. A folder, a pipe and a link that leads nowhere are none."""
    if not path.is_file():
        return None
    return LARGE if path.stat().st_size > LARGEST_READ else NOT_READABLE
