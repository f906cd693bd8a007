"""pg_dump, run once: which one it is, what it is told, and what it says when it cannot.

It takes ACCESS SHARE on every table for as long as it reads the catalogs, a second or less. It waits for that no
longer than LOCK_WAIT, so that it never stands in a queue in which the application would come to stand behind it.
"""

import asyncio
import contextlib
import os
import re
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from psycopg import pq

from zdtui.amounts import limit
from zdtui.errors import TargetError
from zdtui.postgres.encoding import SQL_ASCII, UTF8, whole
from zdtui.postgres.target.target import Target

LOCK_WAIT = "500ms"
TRIES = 5
TOO_LONG = 120.0
"""Seconds after which a dump is given up."""
VERSION = re.compile(r"\(PostgreSQL\) (\d+\S*)")


@dataclass(frozen=True, slots=True)
class Dumper:
    """A pg_dump, and the newest server it can read."""

    program: str
    major: int
    version: str = ""
    """As it says itself: '18.4'."""


def known_dumper(program: str) -> Dumper | None:
    """The pg_dump at this path, as it says itself; None where it does not run."""
    try:
        answer = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=10, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    version = VERSION.search(answer.stdout)
    return None if version is None else Dumper(program, int(re.split(r"\D", version[1])[0]), version[1])


async def dumped(
    target: Target, dumper: Dumper, options: Sequence[str], encoding: str = UTF8, application: str = "zdtui"
) -> str:
    """What pg_dump writes with these options. Raises TargetError, with one sentence, when it could not be read.

    `encoding`: the database's. From SQL_ASCII bytes that are no text come as half characters, as a session reads them.
    """
    written = SQL_ASCII if encoding == SQL_ASCII else UTF8
    told = [*options, f"--lock-wait-timeout={LOCK_WAIT}", f"--encoding={written}"]
    environment = {**_base_environment(), **connection_environment(target, application)}
    stderr = ""
    for _ in range(TRIES):
        code, stdout, stderr = await _run([dumper.program, *told], environment)
        if code == 0:
            return stdout
        if not _met_a_lock(stderr):
            break
    raise TargetError(_sentence(stderr, target))


async def _run(command: Sequence[str], environment: Mapping[str, str]) -> tuple[int, str, str]:
    """Its exit code and what it wrote. It does not outlive the call. Raises TargetError."""
    try:
        process = await asyncio.create_subprocess_exec(
            *command,
            env=environment,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
    except OSError as error:
        raise TargetError(f"the schema was not read: {command[0]}: {error.strerror or error}") from None
    try:
        async with asyncio.timeout(TOO_LONG):
            stdout, stderr = await process.communicate()
    except TimeoutError:
        raise TargetError(f"the schema was not read within {limit(TOO_LONG)}") from None
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()
    assert process.returncode is not None
    return process.returncode, stdout.decode(errors="surrogateescape"), stderr.decode(errors="surrogateescape")


def connection_environment(target: Target, application: str = "zdtui") -> dict[str, str]:
    """The connection as PG* variables: nothing of it, and no password, is seen in a list of processes."""
    variables = {
        option.keyword.decode(): option.envvar.decode() for option in pq.Conninfo.get_defaults() if option.envvar
    }
    chosen = target.effective()
    if target.password is not None:
        chosen = {**chosen, "password": target.password}
    return {variables[name]: value for name, value in chosen.items() if name in variables} | {"PGAPPNAME": application}


def _base_environment() -> Mapping[str, str]:
    kept = ("PATH", "HOME", "SYSTEMROOT", "LD_LIBRARY_PATH", "PGSYSCONFDIR", "PGPASSFILE", "PGSERVICEFILE")
    return {name: os.environ[name] for name in kept if name in os.environ} | {"LC_ALL": "C"}


def _met_a_lock(stderr: str) -> bool:
    """pg_dump limits the wait of its LOCK TABLE by statement_timeout, and shows the statement that failed."""
    return "LOCK TABLE" in stderr and "timeout" in stderr


def _sentence(stderr: str, target: Target) -> str:
    if _met_a_lock(stderr):
        return (
            f"the schema could not be read in {TRIES} tries: a table is locked by somebody for longer than {LOCK_WAIT};"
            " nothing was held meanwhile, try again"
        )
    lines = [line.removeprefix("pg_dump: ").removeprefix("error: ") for line in stderr.strip().splitlines()]
    said = " ".join(lines) or "pg_dump failed without a word"
    for secret in target.secrets():
        said = said.replace(secret, "********") if secret else said
    return f"the schema could not be read: {whole(said)}"
