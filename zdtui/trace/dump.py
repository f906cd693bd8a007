"""The schema of a database as pg_dump writes it: never a row of data, and its locks are given back at once.

pg_dump takes ACCESS SHARE on every table for as long as it reads the catalogs, a second or less. It waits for that
no longer than LOCK_WAIT, so that it never stands in a queue in which the application would come to stand behind it.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass

from psycopg import pq

from zdtui.amounts import limit
from zdtui.demo.binaries import INSTALLS, find_binaries
from zdtui.errors import EmbeddedServerError, TargetError
from zdtui.postgres.encoding import SQL_ASCII, UTF8, whole
from zdtui.postgres.target.target import Target

LOCK_WAIT = "500ms"
TRIES = 5
TOO_LONG = 120.0
"""Seconds after which a dump is given up."""
VERSION = re.compile(r"\(PostgreSQL\) (\d+)")
OPTIONS = (
    *("--schema-only", "--no-owner", "--no-privileges", "--no-subscriptions", "--no-security-labels"),
    *("--no-tablespaces", "--exclude-schema=zdtui", f"--lock-wait-timeout={LOCK_WAIT}"),
)
CHANGES_EACH_TIME = ("\\restrict", "\\unrestrict", "--", "SET transaction_timeout")


@dataclass(frozen=True, slots=True)
class Dumper:
    """A pg_dump, and the newest server it can read."""

    program: str
    major: int


def find_dumper(major: int) -> Dumper:
    """The system's own pg_dump if it is new enough (it speaks TLS), else the one beside the embedded servers.

    Raises EmbeddedServerError when there is none that reads a server of this major version.
    """
    for found in (*_on_path(), *_embedded()):
        if found.major >= major:
            return found
    raise EmbeddedServerError(
        f"no pg_dump here reads PostgreSQL {major}: install the client programs of PostgreSQL {major} or newer"
    )


def dump_schema(target: Target, dumper: Dumper, encoding: str = UTF8) -> str:
    """The schema as SQL. Raises TargetError, with one sentence, when it could not be read.

    `encoding`: the database's. From SQL_ASCII bytes that are no text come as half characters, as a session reads them.
    """
    written = SQL_ASCII if encoding == SQL_ASCII else UTF8
    environment = {**_base_environment(), **connection_environment(target)}
    for last in (False,) * (TRIES - 1) + (True,):
        try:
            done = subprocess.run(
                [dumper.program, *OPTIONS, f"--encoding={written}"],
                env=environment,
                capture_output=True,
                encoding="utf-8",
                errors="surrogateescape",
                timeout=TOO_LONG,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise TargetError(f"the schema was not read within {limit(TOO_LONG)}") from None
        if done.returncode == 0:
            return done.stdout
        if last or not _met_a_lock(done.stderr):
            raise TargetError(_sentence(done.stderr, target))
    raise AssertionError("the last try returns or raises")


def comparable(dump: str) -> list[str]:
    """The lines of a dump that say what the schema is: without comments and what is different at each run."""
    return [line for line in dump.splitlines() if line.strip() and not line.startswith(CHANGES_EACH_TIME)]


def connection_environment(target: Target) -> dict[str, str]:
    """The connection as PG* variables: nothing of it, and no password, is seen in a list of processes."""
    variables = {
        option.keyword.decode(): option.envvar.decode() for option in pq.Conninfo.get_defaults() if option.envvar
    }
    chosen = target.effective()
    if target.password is not None:
        chosen = {**chosen, "password": target.password}
    return {variables[name]: value for name, value in chosen.items() if name in variables} | {
        "PGAPPNAME": "zdtui trace"
    }


def _base_environment() -> Mapping[str, str]:
    kept = ("PATH", "HOME", "SYSTEMROOT", "LD_LIBRARY_PATH", "PGSYSCONFDIR", "PGPASSFILE", "PGSERVICEFILE")
    return {name: os.environ[name] for name in kept if name in os.environ} | {"LC_ALL": "C"}


def _on_path() -> tuple[Dumper, ...]:
    program = shutil.which("pg_dump")
    return () if program is None else _known(program)


def _embedded() -> tuple[Dumper, ...]:
    return tuple(Dumper(find_binaries(major).program("pg_dump"), major) for major in sorted(INSTALLS))


def _known(program: str) -> tuple[Dumper, ...]:
    try:
        answer = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=10, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ()
    version = VERSION.search(answer.stdout)
    return () if version is None else (Dumper(program, int(version.group(1))),)


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
