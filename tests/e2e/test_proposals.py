"""An agent drafts, checks and proposes a plan; a person reads it in a real terminal, edits it, and runs it to the end."""

import asyncio
import json
import re
import shlex
import sys
from pathlib import Path
from typing import Any

import psycopg

from tests.e2e.tmux import Tmux
from tests.fix_db import Database
from tests.integration.agents.client import agent, agents_dsn
from zdtui.plan.load import load_plan

CHANGE = (
    "ALTER TABLE products ADD COLUMN price numeric(12,2) NOT NULL DEFAULT 0; CREATE INDEX by_price ON products (price)"
)
ALL_READ = re.compile("ana@bastion, (changed since, )?read by ana@bastion")
EDITOR = "#!/bin/sh\nsed -i 's/by_price/products_by_price/g' \"$1\"\n"


async def proposed(root: Path, shop: Database) -> str:
    """What the official client of the SDK does: it lists, drafts, checks and proposes. The proposal's file."""
    async with agent(root, agents_dsn(shop)) as asked:
        assert "propose" in {each.name for each in (await asked.client.list_tools()).tools}
        drafted = await asked.call("draft_plan", sql=CHANGE)
        assert not drafted["refused"], drafted
        checked = await asked.call("check_plan", text=drafted["data"]["plan"])
        assert checked["data"]["counts"]["stop"] == 0
        answer = await asked.call("propose", text=drafted["data"]["plan"])
        return str(answer["data"]["file"])


def read_all(tmux: Tmux) -> None:
    """Enter opens the selected step, which nobody has read; Enter goes on until every step was."""
    tmux.keys("Enter")
    while True:
        screen = tmux.wait_for(lambda text: "Enter goes on" in text or "read: Enter" in text or ALL_READ.search(text))
        if ALL_READ.search(screen):
            break
        tmux.keys("Enter")
    tmux.keys("1")  # one Enter too many has given the keys to the step


def events(dsn: str) -> list[dict[str, Any]]:
    """What the journal holds, in order."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        return [row[0] for row in connection.execute("SELECT payload FROM zdtui.event ORDER BY sequence").fetchall()]


def test_what_an_agent_proposed_is_read_edited_and_run_by_a_person(shop: Database, tmp_path: Path) -> None:
    root, config, editor = tmp_path / "root", tmp_path / "config/zdtui", tmp_path / "editor"
    root.mkdir()
    config.mkdir(parents=True)
    (config / "config.toml").write_text(f"[targets]\nstaging = {json.dumps(shop.dsn())}\n", "utf-8")
    editor.write_text(EDITOR, "utf-8")
    editor.chmod(0o755)
    file = asyncio.run(proposed(root, shop))
    settings = {"XDG_CONFIG_HOME": tmp_path / "config", "XDG_STATE_HOME": tmp_path, "EDITOR": editor}
    env = " ".join(f"{name}={shlex.quote(str(value))}" for name, value in settings.items())
    program = f"PYTHONPATH={Path(__file__).parents[2]} {shlex.quote(sys.executable)} -m zdtui"
    with Tmux(110, 30) as tmux:
        tmux.start(f"cd {shlex.quote(str(root))} && VISUAL= ZDTUI_OPERATOR=ana@bastion {env} {program}")
        tmux.wait_for("proposed by tester 1 on behalf of ana@bastion")
        tmux.keys("-l", file)
        tmux.wait_for(f"{file}▏")
        tmux.keys("Enter")
        tmux.wait_for(f"where is {file} opened?")
        tmux.keys("Enter")
        tmux.wait_for("next is add-price, read by nobody yet")
        assert "nobody has read it yet" in tmux.open_dialog("R")
        tmux.keys("Escape")
        tmux.wait_for(lambda screen: "Esc not now" not in screen and "Esc close" not in screen)
        tmux.wait_for("Enter on the step opens it")
        read_all(tmux)
        tmux.keys("e")
        tmux.wait_for("changed since, 1 of 2 steps read by ana@bastion")
        tmux.keys("Down")
        read_all(tmux)
        tmux.keys("Up")
        tmux.confirm(f"next is {load_plan(root / file).steps[1].id}")
        tmux.confirm("FINISHED")
        tmux.keys("q")
        tmux.wait_for("EXIT 0")
    told = events(shop.dsn())
    assert [each["kind"] for each in told[:5]] == [
        *("run opened", "plan proposed", "step read", "step read", "step read"),
    ]
    assert (told[1]["by"], told[1]["on_behalf_of"]) == ("tester 1", "ana@bastion")
    assert told[0]["plan_digest"] != told[1]["digest"], "it was edited since"
    assert "products_by_price" in told[0]["plan_text"]
    assert {each["by"] for each in told[2:5]} == {"ana@bastion"}
    assert [each["step"] for each in told if each["kind"] == "step started"] == [each["step"] for each in told[2:4]]
    assert told[-2]["kind"] == "run finished"
