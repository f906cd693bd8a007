"""The demo's own copy of a shipped plan and its evidence: to rehearse or edit it there changes no shipped file."""

import shutil
from pathlib import Path

from zdtui.evidence.file import evidence_path, report_path
from zdtui.plan.shipped import find_plan, plans_folder


def own_copy(plan: str, folder: Path) -> str:
    """The path to open: of a shipped plan its copy in that folder, with its evidence; any other as it is."""
    path = Path(find_plan(plan))
    if path.parent != plans_folder():
        return str(path)
    folder.mkdir(exist_ok=True)
    for each in (path, evidence_path(path), report_path(path)):
        if each.exists():
            shutil.copyfile(each, folder / each.name)
    return str(folder / path.name)
