"""One row of the list that `zdtui` alone shows."""

from dataclasses import dataclass
from enum import StrEnum


class Opens(StrEnum):
    """What Enter does with an entry; the word stands in its row."""

    PLAN = "plan"
    PROPOSAL = "proposal"
    RUN = "run"
    TARGET = "target"
    DRAFT = "draft"
    DEMO = "demo"
    COMMAND = "command"


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the list."""

    opens: Opens
    key: str
    """What is opened: a path, a run's id, a target's name, a command's."""
    name: str
    about: str = ""
