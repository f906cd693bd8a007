"""`zdtui` alone, on a terminal: a target, a plan in this folder, the console; two lines stay when it is left."""

import json
import shlex
import sys
from pathlib import Path

from tests.e2e.conftest import Stage
from tests.e2e.terminal import Terminal


def test_a_plan_is_opened_from_the_list_and_what_stays_says_how_to_go_on(stage: Stage, tmp_path: Path) -> None:
    (tmp_path / "zdtui").mkdir()
    (tmp_path / "zdtui/config.toml").write_text(f"[targets]\nstaging = {json.dumps(stage.dsn)}\n", "utf-8")
    program = shlex.join([sys.executable, "-m", "zdtui"])
    env = {**stage.env, "XDG_CONFIG_HOME": str(tmp_path), "PYTHONPATH": str(Path(__file__).parents[2])}
    with Terminal(["sh", "-c", f"cd {shlex.quote(str(tmp_path))} && exec {program}"], 110, 30, env) as terminal:
        terminal.wait_for("split-user-name.yaml")
        terminal.type("split\r")
        terminal.wait_for("where is split-user-name.yaml opened?")
        terminal.type("\r")
        terminal.wait_for("READY")
        terminal.confirm("next is sync-trigger")
        terminal.type("q")
        left = terminal.wait_for(lambda screen: "zdtui report" in screen)
        assert terminal.process.wait(60) == 0
    assert "split-user-name, 1 of " in left
    assert "zdtui run split-user-name.yaml --target staging   goes on with" in left
