"""The corpus: statements of every kind a migration can contain, on one schema, each run on its own.

The files are SQL that a person reads: a statement a line, before it perhaps `-- given: ...` (statements that are run
first), `-- from: 15` and `-- until: 17` (the first and the last server version that takes it).
"""

import re
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

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
NOTE = re.compile(r"-- (given|from|until): (.*)")
OLDEST, NEWEST = 14, 99
ONE_IN = 12
"""`make locks` observes them all."""


@dataclass(frozen=True)
class Case:
    """One statement of the corpus."""

    family: str
    sql: str
    given: str = ""
    from_version: int = OLDEST
    until_version: int = NEWEST

    def is_of(self, version: int) -> bool:
        """Whether that server version takes it."""
        return self.from_version <= version <= self.until_version

    @property
    def name(self) -> str:
        """What it is known by: unique in the corpus."""
        return f"{self.given}; {self.sql}" if self.given else self.sql


def cases() -> tuple[Case, ...]:
    """The whole corpus, family by family."""
    return tuple(case for family in FAMILIES for case in _read(family))


def cases_of(version: int) -> tuple[Case, ...]:
    """Those that a server of that version takes."""
    return tuple(case for case in cases() if case.is_of(version))


def sample_of(version: int) -> tuple[Case, ...]:
    """One in some of them, the same every time: what tests observe anew."""
    return tuple(case for case in cases_of(version) if crc32(case.name.encode()) % ONE_IN == 0)


def _read(family: str) -> list[Case]:
    found, notes = [], dict[str, str]()
    for line in (FOLDER / f"{family}.sql").read_text().splitlines()[1:]:
        if note := NOTE.match(line):
            notes[note[1]] = note[2]
        elif line.strip():
            first, last = int(notes.get("from", OLDEST)), int(notes.get("until", NEWEST))
            found.append(Case(family, line.removesuffix(";"), notes.get("given", ""), first, last))
            notes = {}
    return found
