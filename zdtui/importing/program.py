"""Running the tool itself, where its migrations are programs: only when somebody said how it is started."""

import shlex
import subprocess
from dataclasses import dataclass
from pathlib import Path

from zdtui.drawable import drawable
from zdtui.importing.migration import ImportingError

LONGEST = 600
"""Seconds for which it may work."""
LARGEST = 64 * 1024 * 1024
"""Characters of what it may say."""


@dataclass(frozen=True, slots=True)
class Program:
    """A program with its first arguments, and the folder in which it is run."""

    words: tuple[str, ...]
    folder: Path

    def ran(self, *arguments: str) -> "Ran":
        """Run it to its end, without any input. Raises ImportingError when it cannot be run at all."""
        try:
            ended = subprocess.run(
                [*self.words, *arguments],
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                errors="replace",
                check=False,
                timeout=LONGEST,
            )
        except OSError as error:
            raise ImportingError(f"{drawable(self.words[0])} cannot be run: {error.strerror or error}") from None
        except subprocess.TimeoutExpired:
            raise ImportingError(f"{drawable(self.words[0])} was not done after {LONGEST // 60} minutes") from None
        if len(ended.stdout) > LARGEST:
            raise ImportingError(f"{drawable(self.words[0])} said more than {LARGEST // 1024**2} MB")
        return Ran(ended.stdout, ended.stderr, ended.returncode == 0)


@dataclass(frozen=True, slots=True)
class Ran:
    """What a program said."""

    said: str
    complained: str
    well: bool

    @property
    def why(self) -> str:
        """Its complaint in one line."""
        lines = [line.strip() for line in (self.complained or self.said).splitlines() if line.strip()]
        return drawable(lines[-1])[:300] if lines else "it did not say why"


def program_of(said: str, folder: Path) -> Program:
    """The program that somebody named. Raises ImportingError when it is no command."""
    try:
        words = shlex.split(said)
    except ValueError as error:
        raise ImportingError(f"`{drawable(said)[:60]}` is no command: {error}") from None
    if not words:
        raise ImportingError("say by --with how the tool is started, such as --with .venv/bin/alembic")
    if "/" in words[0]:
        words[0] = str(Path(words[0]).absolute())
    return Program(tuple(words), folder)
