"""Notices arrive at real receivers: a web server and a mail server of this machine; one that hangs slows nobody."""

import json
import os
import socket
import socketserver
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.unit.notify.test_notices import BEGUN, at
from zdtui.notify.notice import Held, Trial, Where
from zdtui.notify.receivers import Receivers
from zdtui.notify.sender import Sender, send, why_nothing_is_sent
from zdtui.plan.model import Environment, StepId
from zdtui.run.model.events import HoldKind, StepHeld

HELD = Held(Where("tour", Environment.PRODUCTION, 1, 5), "add", HoldKind.GUARD)


@contextmanager
def serving(server: socketserver.BaseServer) -> Iterator[int]:
    """The server at work; its port."""
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield int(server.server_address[1])  # type: ignore[index]
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def web(status: int = 200) -> Iterator[tuple[int, list[str]]]:
    """A web server that keeps what it is posted, and answers with this status."""
    posted: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            posted.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
            self.send_response(status)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None: ...

    with serving(ThreadingHTTPServer(("127.0.0.1", 0), Handler)) as port:
        yield port, posted


class Mail(socketserver.StreamRequestHandler):
    """As much of SMTP as takes a letter."""

    def handle(self) -> None:
        letters: list[str] = self.server.letters  # type: ignore[attr-defined]
        self.wfile.write(b"220 here\r\n")
        while line := self.rfile.readline().strip():
            if line.upper() == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                lines = []
                while (each := self.rfile.readline()) not in (b".\r\n", b""):
                    lines.append(each.decode())
                letters.append("".join(lines))
            self.wfile.write(b"221 bye\r\n" if line.upper() == b"QUIT" else b"250 ok\r\n")


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "*")


def test_a_webhook_and_a_letter_arrive_and_a_refusal_is_told() -> None:
    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Mail)
    letters: list[str] = []
    server.letters = letters  # type: ignore[attr-defined]
    with web() as (port, posted), web(500) as (broken, _), serving(server) as mail_port:
        told = send(
            HELD,
            Receivers(
                {
                    "chat": f"json://127.0.0.1:{port}/hook",
                    "mail": f"mailto://127.0.0.1:{mail_port}?from=zdtui@example.com&to=ana@example.com&mode=insecure",
                    "broken": f"json://127.0.0.1:{broken}/",
                    "unknown": "nosuch://token",
                }
            ),
        )
    assert told["chat"] == told["mail"] == ""
    assert told["broken"] == "it did not take the notice, or did not answer"
    assert told["unknown"] == "its address is none that apprise knows"
    (body,) = posted
    assert json.loads(body)["title"] == "zdtui: tour in production, 1 of 5 steps"
    assert json.loads(body)["message"] == "add is held: a guard is over its limit. It waits for a person."
    (letter,) = letters
    assert "add is held" in letter


@pytest.fixture
def silent() -> Iterator[int]:
    """A port that takes connections and never says a word."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        yield int(listening.getsockname()[1])


def test_one_that_never_answers_is_given_up_at_the_deadline(silent: int) -> None:
    told = send(Trial(), Receivers({"silent": f"json://127.0.0.1:{silent}/?rto=600&cto=600"}), deadline=1.5)
    assert told == {"silent": "nothing came of it within 1.5 s"}


def test_a_run_hands_over_and_never_waits(silent: int) -> None:
    """While one notice hangs, snapshots are taken; leaving kills what is on its way."""
    said: list[str] = []
    sender = Sender(Receivers({"silent": f"json://127.0.0.1:{silent}/?rto=600&cto=600"}), said.append, deadline=600)
    sender.start()
    sender.saw(at(*BEGUN))
    for _ in range(2000):
        sender.saw(at(*BEGUN) if _ % 2 else at(*BEGUN, StepHeld(step=StepId("add"), why=HoldKind.LOCK, detail="x")))
    sender.close(0.5)
    sender._thread.join(60)
    assert not sender._thread.is_alive()


def test_what_happens_in_a_run_is_sent_and_a_failure_told_once() -> None:
    said: list[str] = []
    with web() as (port, posted), web(500) as (broken, _):
        addresses = {"chat": f"json://127.0.0.1:{port}/", "broken": f"json://127.0.0.1:{broken}/"}
        sender = Sender(Receivers(addresses), said.append)
        sender.start()
        held = at(*BEGUN, StepHeld(step=StepId("add"), why=HoldKind.LOCK, detail="x"))
        for each in (at(*BEGUN), held, at(*BEGUN), held):
            sender.saw(each)
        sender.close(60)
    assert [json.loads(each)["message"] for each in posted] == [
        "add is held: its locks could not be had. It waits for a person."
    ] * 2
    assert said == ["broken was not told: it did not take the notice, or did not answer"]


def test_without_the_extra_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("zdtui.notify.sender.find_spec", lambda name: None)
    assert "pip install 'zdtui[notify]'" in why_nothing_is_sent(Receivers({"chat": "json://x"}))
    assert why_nothing_is_sent(Receivers()) == ""


def test_the_command_lists_and_tries_the_receivers(tmp_path: Path) -> None:
    with web() as (port, posted):
        (tmp_path / "zdtui").mkdir()
        (tmp_path / "zdtui" / "config.toml").write_text(
            f'[notify]\non = ["held"]\n[notify.receivers]\nchat = "json://user:hunter2@127.0.0.1:{port}/"\n'
        )
        env = {**os.environ, "XDG_CONFIG_HOME": str(tmp_path)}

        def run(*words: str) -> "subprocess.CompletedProcess[str]":
            return subprocess.run(
                [sys.executable, "-m", "zdtui", "notify", *words], env=env, capture_output=True, text=True, check=False
            )

        assert run().stdout == "chat: held\n"
        tried = run("--test")
        assert (tried.returncode, tried.stdout) == (0, "chat: took it\n")
        assert len(posted) == 1
        missing = run("nobody", "--test")
    assert missing.returncode == 2
    assert "has no receiver nobody" in missing.stderr
