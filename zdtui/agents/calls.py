"""The journal of what agents asked: a line of JSON before a call is done and one after it, in a file of the person's.

A call that cannot be kept is not done.
"""

import json
import os
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

from zdtui.agents.answer import RefusedError
from zdtui.agents.says import Says
from zdtui.drawable import drawable_json
from zdtui.errors import ZdtuiError
from zdtui.sql.text.secrets import masked

LARGEST = 32 * 1024 * 1024
"""Bytes; then the file is put aside as `agents.1.jsonl`, in place of the one before."""
LONGEST_ARGUMENT = 2_000
LONGEST_NAME = 100
MOST_ARGUMENTS = 20


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks."""

    agent: str
    """What the client calls itself; nobody has proved it."""
    on_behalf_of: str
    """The person who started the server."""


@dataclass(slots=True)
class CallJournal:
    """The file. Several servers may write it: a line is written at once, at its end."""

    path: Path
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def made(self) -> "CallJournal":
        """The same, once it is there to be written. Raises ZdtuiError."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            os.close(self._open())
        except OSError as error:
            raise ZdtuiError(
                f"the journal of agents' calls cannot be written ({error.strerror}): set XDG_STATE_HOME to a folder of"
                " yours"
            ) from None
        return self

    def asked(self, caller: Caller, what: str, arguments: Mapping[str, Any]) -> str:
        """Keep that this is asked; the number by which its end is kept. Raises RefusedError when it cannot be."""
        number = f"{os.getpid()}-{next(self._numbers)}"
        told = {str(name)[:LONGEST_NAME]: _told(each) for name, each in list(arguments.items())[:MOST_ARGUMENTS]}
        self._write(caller, {"call": number, "what": what[:LONGEST_NAME], "arguments": told})
        return number

    def ended(self, caller: Caller, number: str, outcome: str) -> None:
        """Keep how it ended. Raises RefusedError when it cannot be."""
        self._write(caller, {"call": number, "outcome": outcome})

    def _write(self, caller: Caller, said: Mapping[str, Any]) -> None:
        line = {
            "at": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "agent": caller.agent[:LONGEST_NAME],
            "on_behalf_of": caller.on_behalf_of,
            **said,
        }
        with self._lock:
            try:
                self._put_aside()
                with os.fdopen(self._open(), "ab", buffering=0) as file:
                    file.write(drawable_json(line).encode() + b"\n")
            except OSError:
                raise RefusedError(Says.CALL_NOT_KEPT) from None

    def _open(self) -> int:
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
        return os.open(self.path, flags, 0o600)

    def _put_aside(self) -> None:
        try:
            if os.stat(self.path).st_size > LARGEST:
                os.replace(self.path, self.path.with_suffix(".1.jsonl"))
        except FileNotFoundError:
            return


def _told(value: Any) -> Any:
    """An argument as it is kept: short, and without what looks like a password."""
    if value is None or isinstance(value, bool | int | float):
        return value
    text = value if isinstance(value, str) else json.dumps(value, default=str)
    kept = masked(text[:LONGEST_ARGUMENT])
    return kept if len(text) <= LONGEST_ARGUMENT else f"{kept}… ({len(text)} characters)"
