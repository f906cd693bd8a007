"""Which operating-system account the servers run as: PostgreSQL refuses to run as root."""

import os
import pwd
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from zdtui.errors import EmbeddedServerError

UNPRIVILEGED = ("nobody", "daemon")
"""Tried in this order. initdb insists on an account that the user database knows."""


@dataclass(frozen=True, slots=True)
class Account:
    """An account to start programs as. Both None: the one we are."""

    uid: int | None = None
    gid: int | None = None

    def own(self, path: Path) -> None:
        """Make the file or folder belong to the account."""
        if self.uid is not None and self.gid is not None:
            os.chown(path, self.uid, self.gid)

    def popen(self, command: Sequence[str], cwd: Path, output: int = subprocess.DEVNULL) -> subprocess.Popen[bytes]:
        """Start a program in a session of its own, so that no Ctrl+C or hang-up of our terminal reaches it.

        Its environment holds no PG* variable and no locale of ours. `output` takes stdout and stderr.
        """
        return subprocess.Popen(
            command,
            cwd=cwd,
            env=_environment(cwd),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            user=self.uid,
            group=self.gid,
            extra_groups=None if self.uid is None else [],
        )

    def run(self, command: Sequence[str], cwd: Path) -> str:
        """Run a program to its end and return what it wrote.

        Raises EmbeddedServerError with its output when it fails, PermissionError when the account may not execute it.
        """
        process = self.popen(command, cwd, subprocess.PIPE)
        output = process.communicate()[0].decode(errors="replace")
        if process.returncode != 0:
            name = Path(command[0]).name
            raise EmbeddedServerError(f"{name} failed with exit code {process.returncode}: {output.strip()}")
        return output


def server_account() -> Account:
    """The account for servers: ours, or an unprivileged one when we are root."""
    if os.geteuid() != 0:
        return Account()
    for name in UNPRIVILEGED:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid)
    raise EmbeddedServerError(
        "PostgreSQL does not run as root, and this machine has no account named nobody or daemon to run it as; "
        "start the demo as an ordinary user."
    )


def _environment(home: Path) -> dict[str, str]:
    return {"PATH": os.environ.get("PATH", os.defpath), "HOME": str(home), "LC_ALL": "C", "TZ": "UTC"}
