"""pgroll: `<name>.yaml` or `.json` with operations; they become the steps that pgroll would take, in their phases.

Its history is left to itself: its event triggers record each statement that comes from elsewhere.
"""

from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from zdtui.importing.files import files, text_of
from zdtui.importing.folders.pgroll_operations import scripts_of, steps_of
from zdtui.importing.folders.pgroll_steps import NotReadError
from zdtui.importing.migration import Folder, ImportingError, Migration, Script
from zdtui.importing.tool import Tool

AFTERWARDS = (
    "pgroll's history: its event triggers record these statements as changes of somebody else; run `pgroll baseline` "
    "afterwards, and do not start this migration with pgroll"
)


def recognizes(folder: Path) -> bool:
    """Whether a file of YAML or JSON has operations."""
    return any("operations" in text_of(each) and _operations(each) is not None for each in _files(folder))


def read(folder: Path) -> Folder:
    """The migrations by the name of their file. Raises ImportingError."""
    found, others = [], []
    for each in _files(folder):
        operations = _operations(each)
        if operations is None:
            others.append(f"{each.name} has no operations of pgroll")
        else:
            found.append(_migration(each, operations))
    how = "pgroll start {version}, then pgroll complete"
    return Folder("pgroll", tuple(found), (*others, AFTERWARDS), run_one=how, one_a_plan=True)


def _files(folder: Path) -> list[Path]:
    return [each for each in files(folder) if each.suffix in (".yaml", ".yml", ".json")]


def _operations(path: Path) -> list[Any] | None:
    try:
        told = YAML(typ="safe", pure=True).load(text_of(path))
    except YAMLError as error:
        line = str(error).splitlines()[0]
        raise ImportingError(f"{path.name} is neither YAML nor JSON: {line}") from None
    operations = told.get("operations") if isinstance(told, dict) else None
    return operations if isinstance(operations, list) else None


def _migration(path: Path, operations: list[Any]) -> Migration:
    try:
        steps = steps_of(operations)
    except NotReadError as error:
        return Migration(path.stem, "", path.name, unread=str(error))
    there, back = scripts_of(steps)
    down = None if back is None else Script(back, path.name)
    return Migration(path.stem, "", path.name, Script(there, path.name), down, steps=steps)


TOOL = Tool("pgroll", recognizes, read)
