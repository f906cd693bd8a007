"""Which pg_dump there is for a server of some version: the system's own, or the one beside the embedded servers."""

import contextlib
import shutil
from collections.abc import Iterator

from zdtui.demo.binaries import INSTALLS, find_binaries
from zdtui.errors import EmbeddedServerError
from zdtui.fingerprint.dumper import Dumper, known_dumper


def find_dumper(major: int) -> Dumper:
    """The system's own pg_dump if it is new enough (it speaks TLS), else the one beside the embedded servers.

    Raises EmbeddedServerError when there is none that reads a server of this major version.
    """
    for found in _there_are():
        if found is not None and found.major >= major:
            return found
    raise EmbeddedServerError(
        f"no pg_dump here reads PostgreSQL {major}: install the client programs of PostgreSQL {major} or newer"
    )


def _there_are() -> Iterator[Dumper | None]:
    on_path = shutil.which("pg_dump")
    if on_path is not None:
        yield known_dumper(on_path)
    for major in sorted(INSTALLS):
        with contextlib.suppress(EmbeddedServerError):
            yield known_dumper(find_binaries(major).program("pg_dump"))
