"""What came of a folder's migrations, as data. Pure."""

from dataclasses import dataclass
from enum import StrEnum
from typing import assert_never

from zdtui.fingerprint.verdict import Verdict, VerdictKind
from zdtui.importing.migration import Folder, Migration


class Judgement(StrEnum):
    """What is said of one migration."""

    EXACT = "exact"
    EXACT_BUT = "exact but"
    DIFFERS = "differs"
    FAILED = "failed"
    UNKNOWN = "unknown"
    SKIPPED = "skipped"
    NO_WAY_DOWN = "no way down"


PROVEN = frozenset({Judgement.EXACT, Judgement.EXACT_BUT, Judgement.NO_WAY_DOWN})
"""What does not speak against the folder."""


@dataclass(frozen=True, slots=True)
class JudgedMigration:
    """One migration."""

    name: str
    path: str
    verdict: Judgement
    difference: str = ""
    """What its way down leaves different, or why it failed or was skipped; a line each."""
    seconds: float = 0.0
    note: str = ""


@dataclass(frozen=True, slots=True)
class JudgedFolder:
    """All of them, in their order."""

    tool: str
    server: str
    """The version they were run on."""
    migrations: tuple[JudgedMigration, ...]
    notes: tuple[str, ...] = ()

    @property
    def is_proven(self) -> bool:
        """Whether nothing speaks against any of them."""
        return all(each.verdict in PROVEN for each in self.migrations)

    def count(self, verdict: Judgement) -> int:
        """How many of them are that."""
        return sum(1 for each in self.migrations if each.verdict is verdict)


def judgement(verdict: Verdict) -> tuple[Judgement, str]:
    """The verdict on a way down, and what it leaves different."""
    match verdict.kind:
        case VerdictKind.EXACT:
            return Judgement.EXACT, ""
        case VerdictKind.EXACT_BUT:
            return Judgement.EXACT_BUT, "\n".join(f"{each.what}: {each.of}" for each in verdict.but_for)
        case VerdictKind.DIFFERS:
            return Judgement.DIFFERS, "\n".join(line.removeprefix("  ") for line in verdict.lines[1:])
        case VerdictKind.UNKNOWN:
            return Judgement.UNKNOWN, verdict.sentence.removeprefix("unknown: ")
        case VerdictKind.FAILED:
            return Judgement.FAILED, verdict.why
        case _ as never:
            assert_never(never)


def names_of(folder: Folder) -> dict[Migration, str]:
    """What each is called: as its file or folder is, or by its version where several share a file."""
    stems = {each: _stem(each) for each in folder.migrations}
    known = list(stems.values())
    return {each: stem if known.count(stem) == 1 else f"{each.version}" for each, stem in stems.items()}


def _stem(migration: Migration) -> str:
    last = migration.path.rstrip("/").rpartition("/")[2]
    for end in (".sql", ".up", ".down"):
        last = last.removesuffix(end)
    return migration.name if last in ("up", "down", "migration") else last
