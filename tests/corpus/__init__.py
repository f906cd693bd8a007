"""The corpus: statements of every kind a migration can contain, on one schema, each run on its own.

The files are SQL that a person reads: a statement a line, before it perhaps `-- given: ...` (statements that are run
first) and `-- from: 15` (the first server version that takes it).
"""

import re
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent
SCHEMA = (FOLDER / "schema.sql").read_text()
FAMILIES = (
    "alter_table_columns",
    "alter_table_constraints",
    "alter_table_table",
    "indexes",
    "tables",
    "objects",
    "rows",
)
NOTE = re.compile(r"-- (given|from): (.*)")


@dataclass(frozen=True)
class Case:
    """One statement of the corpus."""

    family: str
    sql: str
    given: str = ""
    from_version: int = 13

    @property
    def name(self) -> str:
        """What it is known by: unique in the corpus."""
        return f"{self.given}; {self.sql}" if self.given else self.sql


def cases() -> tuple[Case, ...]:
    """The whole corpus, family by family."""
    return tuple(case for family in FAMILIES for case in _read(family))


def _read(family: str) -> list[Case]:
    found, given, version = [], "", 13
    for line in (FOLDER / f"{family}.sql").read_text().splitlines()[1:]:
        if note := NOTE.match(line):
            given, version = (note[2], version) if note[1] == "given" else (given, int(note[2]))
        elif line.strip():
            found.append(Case(family, line.removesuffix(";"), given, version))
            given, version = "", 13
    return found
