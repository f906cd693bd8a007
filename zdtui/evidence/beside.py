"""The evidence that lies beside a plan, read without ever being in the way: what cannot be read is one sentence."""

from zdtui.evidence.file import EvidenceError, evidence_path, read
from zdtui.evidence.standing import Kept
from zdtui.plan.model import Plan
from zdtui.regular_file import FileError, FileOutsideError, NoSuchFileError


def kept_evidence(plan: Plan) -> Kept:
    """The evidence beside the plan, of whatever text it is: each step's digest says what it proves. Never raises."""
    try:
        path = evidence_path(plan.path)
        evidence = read(path, inside=path.parent)
    except (NoSuchFileError, ValueError):
        return Kept()
    except FileOutsideError:
        return Kept(note=f"{path.name} is not read: it is a link that leads out of the plan's folder")
    except (FileError, EvidenceError) as error:
        return Kept(note=f"the evidence is not read: {error}")
    if evidence.plan_name != plan.name:
        return Kept(note=f"{path.name} is not read: it is of the plan {evidence.plan_name}")
    return Kept(evidence)
