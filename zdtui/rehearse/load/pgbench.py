"""A script of the team's own, run by pgbench beside the rehearsal, with the answers of each of its transactions.

pgbench is started for some seconds at a time: one that outlives a rehearsal which was killed ends by itself, and what
it logs is read when it ends.
"""

import asyncio
import shutil
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from zdtui.demo.binaries import INSTALLS, find_binaries
from zdtui.errors import EmbeddedServerError, ZdtuiError
from zdtui.fingerprint.dumper import connection_environment
from zdtui.owned_tasks import Fault, OwnedTasks
from zdtui.postgres.target.target import Target
from zdtui.rehearse.load.load import Load
from zdtui.rehearse.load.stalls import Answers

CLIENTS = 4
TURN = 2
"""Seconds that one pgbench works."""
MOST_FAILURES = 3


class NoPgbenchError(ZdtuiError):
    """There is no pgbench, or no script."""


def find_pgbench() -> str:
    """The system's, or the one beside the embedded servers. Raises NoPgbenchError."""
    if (found := shutil.which("pgbench")) is not None:
        return found
    with suppress(EmbeddedServerError):
        program = find_binaries(max(INSTALLS)).program("pgbench")
        if Path(program).exists():
            return program
    raise NoPgbenchError("there is no pgbench here: install the client programs of PostgreSQL, or say --load auto")


@asynccontextmanager
async def pgbench_load(script: str, target: Target) -> AsyncIterator[Load]:
    """The script under way. Raises NoPgbenchError."""
    program = find_pgbench()
    file = _script(script)
    load = Load(described=f"pgbench with {file.name}, {CLIENTS} clients", changes_rows=True)
    faults: list[Fault] = []
    tasks, over = OwnedTasks(faults.append), asyncio.Event()
    with tempfile.TemporaryDirectory(prefix="zdtui-pgbench-") as folder:
        working = tasks.once("pgbench", _turns(program, str(file), target, Path(folder), load, over))
        try:
            yield load
        finally:
            over.set()
            await asyncio.wait([working], timeout=2 * TURN)
            await tasks.close()


def _script(script: str) -> Path:
    file = Path(script)
    if not file.is_file():
        raise NoPgbenchError(f"there is no script {script} for pgbench: name a file, or say --load auto")
    return file.absolute()


async def _turns(program: str, script: str, target: Target, folder: Path, load: Load, over: asyncio.Event) -> None:
    """One turn after the other, until it is over or fails again and again."""
    failures = 0
    while not over.is_set():
        code = await _turn(program, script, target, folder)
        _read(folder, load.answers)
        if code:
            load.answers.failed("pgbench ended with an error")
        failures = failures + 1 if code else 0
        if failures >= MOST_FAILURES:
            load.notes.append("pgbench could not run the script, and was given up: run it by hand to see why")
            return


async def _turn(program: str, script: str, target: Target, folder: Path) -> int:
    command = [program, "-n", "-f", script, "-c", str(CLIENTS), "-j", "1", "-T", str(TURN), "-l"]
    process = await asyncio.create_subprocess_exec(
        *command,
        *("--log-prefix", str(folder / "log")),
        env={"LC_ALL": "C", **connection_environment(target, "zdtui load")},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        return await process.wait()
    finally:
        if process.returncode is None:
            process.terminate()
            await process.wait()


def _read(folder: Path, answers: Answers) -> None:
    """What was logged: client, transaction, microseconds it took, script, and when it ended."""
    to_monotonic = time.monotonic() - time.time()
    for file in folder.glob("log*"):
        for line in file.read_text(errors="replace").splitlines():
            fields = line.split()
            if len(fields) >= 6 and fields[2].isdigit():
                came = float(fields[4]) + float(fields[5]) / 1e6 + to_monotonic
                answers.add(came - float(fields[2]) / 1e6, came)
        file.unlink()
