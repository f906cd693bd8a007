"""Running squawk, the other linter, once over many texts. Its absence or failure is a sentence, never an error.

Its report counts lines and columns from 0, columns in bytes of UTF-8. Where it cannot read a statement it says nothing
of the rest of that text, so such texts are given to it a second time without what it could not read.
"""

import json
import os
import subprocess
import sysconfig
import tempfile
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

PATIENCE = 60
"""Seconds; it takes a tenth of one for ten thousand statements."""
SYNTAX_ERROR = "syntax-error"
MEMORY = Path("/dev/shm")
PROGRAMS = ("squawk", "squawk.exe")


@dataclass(frozen=True, slots=True)
class Script:
    """A text as one file of a migration would be, and where its statements stand in it."""

    text: str
    spans: tuple[tuple[int, int], ...]
    """Characters from the start to before the end of each statement, in order."""


@dataclass(frozen=True, slots=True)
class Said:
    """One thing squawk said of one statement."""

    script: int
    span: int
    """0-based, which script and which of its spans."""
    rule: str
    message: str
    help: str = ""


@dataclass(frozen=True, slots=True)
class Squawked:
    """All that squawk said, or in `note` the sentence that says why it said nothing."""

    said: tuple[Said, ...] = ()
    note: str = ""


class _Failed(Exception):
    """Squawk did not run; the message is the sentence."""


def squawk(scripts: tuple[Script, ...], version: int, *, in_transaction: bool = False) -> Squawked:
    """What squawk says of these texts for that major version of PostgreSQL. Never raises.

    `in_transaction`: a runner puts each text into a transaction of its own; else `.squawk.toml` here may say so.
    """
    program = find_squawk()
    if program is None:
        return Squawked(note="squawk did not run: its program is not installed here; pip install squawk-cli brings it")
    try:
        return Squawked(tuple(_all_said(str(program), scripts, version, in_transaction)))
    except _Failed as failure:
        return Squawked(note=f"squawk did not run: {failure}")
    except (OSError, subprocess.SubprocessError) as error:
        return Squawked(note=f"squawk did not run: {' '.join(str(error).split())[:200]}")


@cache
def find_squawk() -> Path | None:
    """The program that the installed squawk-cli brought; never another one that happens to be on the PATH."""
    for name in PROGRAMS:
        beside = Path(sysconfig.get_path("scripts")) / name
        if beside.is_file():
            return beside
    try:
        files = distribution("squawk-cli").files or []
    except PackageNotFoundError:
        return None
    found = (Path(str(file.locate())) for file in files if file.name in PROGRAMS)
    return next((path for path in found if path.is_file()), None)


def _all_said(program: str, scripts: tuple[Script, ...], version: int, in_transaction: bool) -> Iterator[Said]:
    if not any(script.spans for script in scripts):
        return
    first = list(_run(program, dict(enumerate(scripts)), version, in_transaction))
    unread: dict[int, set[int]] = {}
    for said in first:
        if said.rule == SYNTAX_ERROR:
            unread.setdefault(said.script, set()).add(said.span)
    yield from first
    again = {place: _without(scripts[place], spans) for place, spans in unread.items()}
    if again:
        second = _run(program, again, version, in_transaction)
        yield from (said for said in second if said.rule != SYNTAX_ERROR)


def _without(script: Script, spans: set[int]) -> Script:
    """The script with blanks where those statements were; line breaks stay."""
    text = script.text
    for start, end in (script.spans[span] for span in sorted(spans)):
        text = text[:start] + "".join(each if each == "\n" else " " for each in text[start:end]) + text[end:]
    return Script(text, script.spans)


def _run(program: str, scripts: dict[int, Script], version: int, in_transaction: bool) -> Iterator[Said]:
    with tempfile.TemporaryDirectory(prefix="zdtui-", dir=_in_memory()) as folder:
        for place, script in scripts.items():
            Path(folder, f"{place}.sql").write_bytes(script.text.encode(errors="replace"))
        command = [program, "--reporter=json", f"--pg-version={version}.0"]
        command += ["--assume-in-transaction"] if in_transaction else []
        done = subprocess.run([*command, f"{folder}/*.sql"], capture_output=True, timeout=PATIENCE, check=False)
    places = {place: _Places(script) for place, script in scripts.items()}
    for entry in _entries(done):
        number = Path(str(entry.get("file", ""))).stem
        known = places.get(int(number)) if number.isdigit() else None
        if known is not None and known.script.spans:
            yield _said(int(number), known, entry)


def _in_memory() -> Path | None:
    """A folder that no disk is behind: a plan of ten thousand steps is twenty thousand files. None: the usual one."""
    return MEMORY if os.access(MEMORY, os.W_OK) and MEMORY.is_dir() else None


def _entries(done: "subprocess.CompletedProcess[bytes]") -> Iterable[dict[str, Any]]:
    """The report's findings, whatever else a later version may write into it."""
    try:
        report = json.loads(done.stdout or b"[]")
    except ValueError:
        report = None
    if not isinstance(report, list) or (done.returncode not in (0, 1) and not report):
        lines = done.stderr.decode(errors="replace").strip().splitlines()
        raise _Failed(lines[0][:200] if lines else f"it ended with code {done.returncode} and no report")
    return [entry for entry in report if isinstance(entry, dict)]


def _said(number: int, known: "_Places", entry: dict[str, Any]) -> Said:
    rule = str(entry.get("rule_name") or "unnamed")
    return Said(
        script=number,
        span=known.span_at(_number(entry.get("line")), _number(entry.get("column")), backwards=rule == SYNTAX_ERROR),
        rule=rule,
        message=str(entry.get("message") or ""),
        help=str(entry.get("help") or ""),
    )


def _number(value: Any) -> int:
    return value if isinstance(value, int) and value >= 0 else 0


class _Places:
    """From squawk's lines and columns to statements."""

    def __init__(self, script: Script) -> None:
        self.script = script
        self._starts = [start for start, _ in script.spans]
        self._lines = [0]
        for line in script.text.split("\n"):
            self._lines.append(self._lines[-1] + len(line) + 1)

    def span_at(self, line: int, column: int, *, backwards: bool) -> int:
        """Which statement is there; between two of them the next, or backwards the one before."""
        offset = self._offset(line, column)
        place = max(0, bisect_right(self._starts, offset) - 1)
        past = offset > self.script.spans[place][1]
        return place + 1 if past and not backwards and place + 1 < len(self._starts) else place

    def _offset(self, line: int, column: int) -> int:
        if line >= len(self._lines) - 1:
            return len(self.script.text)
        text = self.script.text[self._lines[line] : self._lines[line + 1]]
        if not text.isascii():
            column = len(text.encode(errors="replace")[:column].decode(errors="ignore"))
        return self._lines[line] + column
