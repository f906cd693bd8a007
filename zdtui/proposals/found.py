"""Which plans are proposals, and what their notes say. In the folder a plan without a good note is a proposal too."""

import os
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from zdtui.drawable import drawable
from zdtui.proposals.proposal import FOLDER, Proposal, ProposalError, note_path
from zdtui.regular_file import FileError, NoSuchFileError, read_text

LARGEST = 16 * 1024
"""Bytes of a note."""
NO_NOTE = "it lies in proposals/ and no note says who proposed it"


@dataclass(frozen=True, slots=True)
class Proposed:
    """A plan's file in the folder of proposals, and what is known of who proposed it."""

    path: Path
    proposal: Proposal


def read(plan_path: str | Path) -> Proposal | None:
    """Who proposed the plan in this file; None for a plan that is no proposal. Never raises.

    A proposal is known by the note beside it, or by the folder it lies in. Where the note cannot be read it is still
    a proposal, and `doubt` says what is wrong. A link to a proposal is one.
    """
    plan_path = os.path.realpath(plan_path)
    try:
        note = note_path(plan_path)
        text = read_text(note, "note of a proposal", largest=LARGEST)
        return Proposal.model_validate_json(text)
    except NoSuchFileError:
        return Proposal(by="", doubt=NO_NOTE) if _lies_in_folder(plan_path) else None
    except FileError as error:
        return Proposal(by="", doubt=f"its note is not read: {error}")
    except ValidationError:
        return Proposal(by="", doubt=f"{note.name} is no note of a proposal that this zdtui knows")
    except ValueError:  # no file name at all
        return None


def must_be_ones_own(plan_path: str | Path) -> None:
    """For what runs the steps of a plan without asking. Raises ProposalError for a proposal, be it on a scratch server.

    Such a server is on this machine, its role is a superuser, and SQL of a superuser can start programs.
    """
    proposal = read(plan_path)
    if proposal is not None:
        path = drawable(os.fspath(plan_path))
        raise ProposalError(
            f"{path} was proposed by {proposal.who}, and this would run what nobody has read: read it, and "
            "move it out of the folder without its note; then it is yours"
        )


def proposals_in(root: str | Path) -> tuple[Proposed, ...]:
    """The proposals below `root`, by name; none where there is no such folder."""
    paths = sorted(each for ending in ("*.yaml", "*.yml") for each in (Path(root) / FOLDER).glob(ending))
    found = ((path, read(path)) for path in paths)
    return tuple(Proposed(path, proposal) for path, proposal in found if proposal is not None)


def _lies_in_folder(plan_path: str | Path) -> bool:
    return Path(plan_path).parent.name == FOLDER
