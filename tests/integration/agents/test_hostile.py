"""A thousand hostile calls against a real server, whose own log tells what reached it."""

import asyncio
import json
import os
import re
from pathlib import Path
from typing import Any

import pytest
from mcp import MCPError

from tests.fix_db import Database
from tests.hostile import acts
from tests.integration.agents.audited import LIST
from tests.integration.agents.client import Agent, agent, agents_dsn
from tests.integration.agents.hostile_calls import CANARY, EVIL, IN_A_ROW, PASSWORD, Call, calls
from zdtui.agents.says import Says

SENTENCES = {str(each) for each in Says}
ENTRY = re.compile(
    r"^\d{4}-\d\d-\d\d [\d:.]+ UTC \[\d+\] (?P<app>.*?) (?P<level>LOG|ERROR|FATAL|DETAIL|STATEMENT|WARNING):  "
)
AT_ONCE = 4
USUAL: tuple[Call, ...] = (
    ("describe_table", {"table": "victims"}),
    ("who_uses", {"table": "victims", "column": "secret"}),
    ("draft_plan", {"sql": "ALTER TABLE victims ADD COLUMN n int"}),
    ("check_plan", {"text": "ALTER TABLE victims ADD COLUMN n int"}),
    ("run_status", {}),
    ("run_log", {}),
    ("ask_for_pause", {}),
    ("locks_now", {}),
    ("lag_now", {}),
)


def make_schema(database: Database) -> None:
    """A table with a row, and objects whose names, comments and defaults give orders."""
    database.execute(
        f"""
        CREATE TABLE victims (id int PRIMARY KEY, secret text DEFAULT '{EVIL}');
        INSERT INTO victims VALUES (1, '{IN_A_ROW}');
        CREATE TABLE "{EVIL}" ("{EVIL}" int, id int REFERENCES victims);
        CREATE INDEX "{EVIL} i" ON victims (secret);
        CREATE VIEW "{EVIL} v" AS SELECT secret FROM victims;
        COMMENT ON TABLE victims IS '{EVIL}';
        ANALYZE victims;
        """
    )


def make_root(folder: Path) -> Path:
    """A root with links that lead out of it, and a folder beside it that nobody may read."""
    root, secret = folder / "root", folder / "secret"
    for each in (root / "linked", root / "drizzle/meta", root / "sqitch/deploy", root / "good", secret):
        each.mkdir(parents=True)
    (secret / "s.sql").write_text(f"SELECT '{CANARY}'")
    (secret / "up.evidence.json").write_text(json.dumps({"x": CANARY}))
    (root / "a.sql").write_text("SELECT 1;")
    (root / "out").symlink_to(secret)
    (root / "out.evidence.json").symlink_to(secret / "up.evidence.json")
    (root / "linked/1_x.up.sql").symlink_to(secret / "s.sql")
    (root / "loop").symlink_to("loop")
    (root / "good/1_x.up.sql").write_text("CREATE TABLE made (i int);")
    (root / "drizzle/meta/_journal.json").write_text(
        json.dumps({"entries": [{"tag": "../../secret/s", "when": 1, "idx": 0}]})
    )
    (root / "sqitch/sqitch.plan").write_text(
        "%project=x\n\n../../../secret/s 2024-01-01T00:00:00Z ana <ana@x> # " + EVIL + "\n"
    )
    os.mkfifo(root / "pipe")
    return root


async def ask(asked: Agent, call: Call) -> dict[str, Any]:
    """The answer, whichever way it comes."""
    what, arguments = call
    try:
        match what:
            case "read":
                return {"says": [], "text": await asked.read(arguments["uri"])}
            case "prompt":
                found = await asked.client.get_prompt(arguments["name"], arguments["arguments"])
                return {"says": [], "prompt": str(found.messages[0].content)}
            case _:
                return await asked.call(what, **arguments)
    except MCPError as error:
        return {"says": [], "error": str(error)}


def sentences(answer: Any) -> list[str]:
    """Everything in it that zdtui says in words of its own."""
    if isinstance(answer, dict):
        own = [str(answer[key]) for key in ("sentence", "title", "rule", "error") if isinstance(answer.get(key), str)]
        return own + [each for value in answer.values() for each in sentences(value)]
    return [each for value in answer for each in sentences(value)] if isinstance(answer, list) else []


def statements(log: str) -> tuple[set[str], list[str]]:
    """What agents' sessions sent by the extended protocol, and whatever else the log says of them."""
    sent: set[str] = set()
    others: list[str] = []
    entries: list[str] = []
    for line in log.splitlines():
        if ENTRY.match(line):
            entries.append(line)
        elif entries:
            entries[-1] += "\n" + line
    for entry in entries:
        found = ENTRY.match(entry)
        assert found is not None
        if found["app"] != "zdtui agents" or found["level"] in ("DETAIL", "STATEMENT"):
            continue
        text = entry[found.end() :]
        if (prepared := re.match(r"execute [^:]*: ", text)) is not None:
            sent.add(" ".join(text[prepared.end() :].split()))
        else:
            others.append(text)
    return sent, others


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return make_root(tmp_path)


async def test_a_thousand_hostile_calls(server18: Database, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_schema(server18)
    before = server18.execute("SELECT id, secret FROM victims")
    out, files = root.parent / "made-by-an-agent", root.parent / "files"
    monkeypatch.setenv(LIST, str(files))
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    dsn = f"{agents_dsn(server18)}&password={PASSWORD}"
    every = list(calls(out))
    assert len(every) >= 1_000
    answers: list[dict[str, Any]] = []
    async with agent(root, dsn, program=("-m", "tests.integration.agents.audited")) as asked:
        start = len(server18.cluster.log_text)
        for call in USUAL:
            await ask(asked, call)
        usual, strange = statements(server18.cluster.log_text[start:])
        assert len(usual) > 15
        assert strange == []
        one_of = asyncio.Semaphore(AT_ONCE)

        async def one(call: Call) -> dict[str, Any]:
            async with one_of:
                return await ask(asked, call)

        answers = await asyncio.gather(*map(one, every))
        kept = asked.calls()
        errors = (asked.state / "errors").read_text()

    sent, strange = statements(server18.cluster.log_text[start:])
    assert sent - usual == set(), "a call changed what is sent"
    assert [each for each in strange if not each.startswith("disconnection")] == []
    assert server18.execute("SELECT id, secret FROM victims") == before

    for call, answer in zip(every, answers, strict=True):
        text = json.dumps(answer, ensure_ascii=False)
        assert set(answer["says"]) <= SENTENCES, call
        assert not answer.get("data") or answer["untrusted"] is True, call
        assert acts(text) == "", call
        assert not [each for each in (CANARY, IN_A_ROW, PASSWORD, "root:x:") if each in text], call
        assert not [each for each in sentences(answer) if "ignore previous" in each or "call propose" in each], call
        assert Says.FAILED not in answer["says"], call
    assert "Traceback" not in errors
    assert PASSWORD not in errors
    assert len([each for each in kept if "what" in each]) >= 1_000

    assert not out.exists()
    only_inside_was_touched(files, root)


def only_inside_was_touched(files: Path, root: Path) -> None:
    """By the list of what the program asked the system for: nothing beside the root, and no program was started."""
    touched = [line.split("\t") for line in files.read_text().splitlines()]
    assert len(touched) > 100
    beside = os.path.realpath(root.parent)
    assert [path for _, _, path in touched if path.startswith(f"{beside}/secret")] == []
    assert [path for _, _, path in touched if path in ("/etc/passwd", "/etc", "/proc/self")] == []
    assert [event for event, _, _ in touched if event.startswith(("subprocess", "os.system", "os.exec"))] == []
    written = {path for _, how, path in touched if how == "writes" and path != os.devnull}
    inside = (f"{beside}/{root.name}/proposals", f"{beside}/{root.name}-beside/zdtui")
    assert {each for each in written if not each.startswith(inside)} == set()
