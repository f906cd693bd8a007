"""Notices arrive at real receivers: a web server and a mail server of this machine; one that hangs slows nobody."""

import contextlib
import json
import os
import re
import signal
import socket
import socketserver
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

import zdtui
from tests.unit.notify.test_notices import BEGUN, at
from zdtui.notify.notice import Held, Trial, Where
from zdtui.notify.receivers import Receivers
from zdtui.notify.sender import MOST_WAITING, Sender, send
from zdtui.plan.model import Environment, StepId
from zdtui.run.model.events import HoldKind, StepHeld

HELD = Held(Where("tour", Environment.PRODUCTION, 1, 5), "add", HoldKind.GUARD)


@contextmanager
def serving(server: socketserver.TCPServer) -> Iterator[int]:
    """The server at work; its port."""
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        _, port = server.socket.getsockname()
        yield int(port)
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def web(statuses: Sequence[int] = (200,)) -> Iterator[tuple[int, list[str]]]:
    """A web server that keeps what it is posted, and answers with these statuses, at last with the last one."""
    posted: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            posted.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
            self.send_response(statuses[min(len(posted), len(statuses)) - 1])
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None: ...

    with serving(ThreadingHTTPServer(("127.0.0.1", 0), Handler)) as port:
        yield port, posted


class MailServer(socketserver.ThreadingTCPServer):
    """Keeps the letters it is given."""

    def __init__(self) -> None:
        self.letters: list[str] = []
        super().__init__(("127.0.0.1", 0), partial(Mail, self.letters))


class Mail(socketserver.StreamRequestHandler):
    """As much of SMTP as takes a letter."""

    def __init__(self, letters: list[str], *given: Any) -> None:
        self.letters = letters
        super().__init__(*given)

    def handle(self) -> None:
        self.wfile.write(b"220 here\r\n")
        while line := self.rfile.readline().strip():
            if line.upper() == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                lines = []
                while (each := self.rfile.readline()) not in (b".\r\n", b""):
                    lines.append(each.decode())
                self.letters.append("".join(lines))
            self.wfile.write(b"221 bye\r\n" if line.upper() == b"QUIT" else b"250 ok\r\n")


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "*")


def test_a_webhook_and_a_letter_arrive_and_a_refusal_is_told() -> None:
    server = MailServer()
    with web() as (port, posted), web([500]) as (broken, _), serving(server) as mail_port:
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
    (letter,) = server.letters
    assert "add is held" in letter


class Silent:
    """A port that takes connections and never says a word."""

    def __init__(self, listening: socket.socket) -> None:
        self._listening = listening
        self.address = f"json://127.0.0.1:{listening.getsockname()[1]}/?rto=600&cto=600"

    def accepted(self) -> socket.socket:
        """The next who came."""
        return self._listening.accept()[0]


@pytest.fixture
def silent() -> Iterator[Silent]:
    with socket.socket() as listening:
        listening.settimeout(90)
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        yield Silent(listening)


def until_gone(who: socket.socket) -> None:
    """Wait until that side of the connection has ended, whatever it said before."""
    with who:
        who.settimeout(90)
        with contextlib.suppress(ConnectionResetError):
            while who.recv(65536):
                pass


def test_one_that_never_answers_is_given_up_at_the_deadline(silent: Silent) -> None:
    told = send(Trial(), Receivers({"silent": silent.address}), deadline=1.5)
    assert told == {"silent": "nothing came of it within 1.5 s"}


def test_a_run_hands_over_and_never_waits_and_leaving_ends_what_is_on_its_way(silent: Silent) -> None:
    """While one notice hangs, snapshots are taken; who leaves then is told of whom nobody told."""
    said: list[str] = []
    sender = Sender(Receivers({"silent": silent.address}), said.append, deadline=600)
    sender.start()
    held = at(*BEGUN, StepHeld(step=StepId("add"), why=HoldKind.LOCK, detail="x"))
    sender.saw(at(*BEGUN))
    sender.saw(held)
    hangs = silent.accepted()
    for number in range(MOST_WAITING):
        sender.saw(held if number % 2 else at(*BEGUN))
    sender.close(0.1)
    until_gone(hangs)
    sentence = "you left before everybody was told: add is held: its locks could not be had. It waits for a person."
    assert said == [sentence], "once, however often it happened"


def test_a_delivery_whose_program_was_killed_ends_by_itself(silent: Silent) -> None:
    task = {"urls": {"silent": silent.address}, "title": "x", "body": "y", "seconds": 2.0}
    words = [sys.executable, "-m", "zdtui.notify.deliver"]
    left = subprocess.run(words, input=json.dumps(task), text=True, timeout=90, check=False)
    assert left.returncode == -signal.SIGALRM


def test_a_program_of_ours_loads_nothing_of_the_folder_it_is_called_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A repository of migrations may hold a json.py."""
    (tmp_path / "json.py").write_text("raise SystemExit('not ours')", "utf-8")
    monkeypatch.chdir(tmp_path)
    with web() as (port, posted):
        assert send(Trial(), Receivers({"chat": f"json://127.0.0.1:{port}/"})) == {"chat": ""}
    assert len(posted) == 1
    for path in (Path(zdtui.__file__).parent).rglob("*.py"):
        started = re.findall(r"\[sys\.executable,[^\]]*", path.read_text("utf-8"))
        assert all('"-P"' in each for each in started), path


def test_who_is_deaf_again_is_told_again() -> None:
    """Between two refusals one notice was taken."""
    answers = [500, 200, 500, 500]
    said: list[str] = []
    with web(answers) as (port, posted):
        sender = Sender(Receivers({"chat": f"json://127.0.0.1:{port}/"}), said.append)
        sender.start()
        held = at(*BEGUN, StepHeld(step=StepId("add"), why=HoldKind.LOCK, detail="x"))
        for _ in answers:
            sender.saw(at(*BEGUN))
            sender.saw(held)
        sender.close(90)
    assert len(posted) == len(answers)
    assert said == ["chat was not told: it did not take the notice, or did not answer"] * 2


def test_what_happens_in_a_run_is_sent_and_a_failure_told_once() -> None:
    said: list[str] = []
    with web() as (port, posted), web([500]) as (broken, _):
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
