"""Writing a proposal down: two new files, and nothing that was there is ever touched."""

import os
import re
import unicodedata
from datetime import UTC, datetime
from pathlib import Path

from zdtui.drawable import only_seen
from zdtui.plan.load import parse_plan
from zdtui.plan.model import Plan
from zdtui.proposals.proposal import FOLDER, LONGEST_NAME, Proposal, note_path
from zdtui.proposals.proposal import ProposalError as ProposalError
from zdtui.regular_file import FileError, FileThereError, lies_in, put_new, text_of

LARGEST = 256 * 1024
"""Bytes: more is not read for the list that a person opens it from."""
MOST = 100
"""Proposals that wait in a folder: one that nobody will read any more is of no use."""
LONGEST_FILE_NAME = 60


def propose(root: str | Path, text: str, *, by: str, on_behalf_of: str = "") -> Path:
    """Keep this plan as a proposal below `root`; the path of its file, which was not there before.

    The note is written first and the plan last, each at once and whole: a plan that can be seen has its note. Raises
    ProposalError, or PlanError with every problem of the plan; then nothing is left behind.
    """
    proposed_by, whom = _name(by), _name(on_behalf_of)
    if not proposed_by:
        raise ProposalError("say who proposes the plan: `by` is empty")
    text = _as_a_file_holds_it(text)
    plan = _plan(text)
    folder = _folder(Path(root))
    proposal = Proposal(by=proposed_by, on_behalf_of=whom, at=datetime.now(UTC), digest=plan.digest)
    for number in range(1, MOST + 2):
        path = folder / f"{_file_name(plan.title or plan.name, number)}.yaml"
        if _written(path, text, proposal):
            return path
    raise ProposalError(_too_many(folder))


def _name(text: str) -> str:
    return " ".join(only_seen(text).split())[:LONGEST_NAME].strip()


def _as_a_file_holds_it(text: str) -> str:
    try:
        data = text.encode()
    except UnicodeEncodeError:
        raise ProposalError("the proposal holds half a character (a surrogate): it is no text") from None
    if len(data) > LARGEST:
        raise ProposalError(f"a proposal has at most {LARGEST // 1024} KB: divide the change into several plans")
    try:
        return text_of(data, "the proposal")
    except FileError as error:
        raise ProposalError(str(error)) from None


def _plan(text: str) -> Plan:
    plan = parse_plan(text, "the proposal")
    for step in plan.steps:
        if getattr(step.action, "file", None) or getattr(step.rollback, "file", None):
            raise ProposalError(
                f"step {step.id} names an `sql_file`: write its SQL into the plan, which is all there is"
            )
    return plan


def _folder(root: Path) -> Path:
    """The folder of proposals, made where it is missing. It has to lie in the root, whatever a link says."""
    folder = root / FOLDER
    try:
        folder.mkdir(exist_ok=True)
        waiting = sum(name.endswith(".yaml") for name in os.listdir(folder))
    except OSError as error:
        raise ProposalError(f"{FOLDER}/ cannot be used: {error.strerror or error}") from None
    if not lies_in(root, folder):
        raise ProposalError(f"{FOLDER}/ is a link that leads out of the folder: nothing is written there")
    if waiting >= MOST:
        raise ProposalError(_too_many(folder))
    return folder


def _too_many(folder: Path) -> str:
    return f"{MOST} proposals wait in {folder.name}/ already: let a person read them, or remove some, first"


def _file_name(title: str, number: int) -> str:
    """The title in small letters, digits and hyphens: no name that means anything to a file system."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    name = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:LONGEST_FILE_NAME].strip("-") or "plan"
    return name if number == 1 else f"{name}-{number}"


def _written(path: Path, text: str, proposal: Proposal) -> bool:
    """Write both files; False where that name is taken, also by somebody who was quicker."""
    note = note_path(path)
    try:
        if os.path.lexists(path):
            return False
        put_new(note, proposal.model_dump_json(indent=2) + "\n")
    except FileThereError:
        return False
    except FileError as error:
        raise ProposalError(str(error)) from None
    try:
        put_new(path, text)
    except FileThereError:
        note.unlink(missing_ok=True)
        return False
    except FileError as error:
        note.unlink(missing_ok=True)
        raise ProposalError(str(error)) from None
    return True
