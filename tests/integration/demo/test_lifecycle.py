"""However a demo ends, no process and no folder of it stays."""

import os
import pwd
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from click.testing import CliRunner

from tests.integration.demo.serving import SMALL, Serving
from zdtui.cli.demo import command
from zdtui.cli.on_signal import ENDINGS
from zdtui.demo.processes import is_alive

Serve = Callable[..., Serving]
AS_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="only root can start it as somebody else")


def test_a_demo_has_a_primary_a_standby_that_streams_and_traffic(serve: Serve) -> None:
    demo = serve()
    with psycopg.connect(demo.dsn, autocommit=True) as connection:
        who = "SELECT current_user, rolsuper, current_database() FROM pg_roles WHERE rolname = current_user"
        assert connection.execute(who).fetchone() == ("zdtui", False, "shop")
        standbys = "SELECT application_name, state FROM pg_stat_replication"
        assert connection.execute(standbys).fetchall() == [("standby-a", "streaming")]
        clients = "SELECT count(DISTINCT application_name) FROM pg_stat_activity WHERE usename = 'shop_app'"
        while connection.execute(clients).fetchone() != (5,):
            pass
    everything = demo.processes()
    assert demo.end() == 0
    demo.wait_until_nothing_is_left(everything)


def test_the_superuser_does_not_come_in_by_tcp(serve: Serve) -> None:
    demo = serve("--no-traffic", "--no-standby")
    with pytest.raises(psycopg.OperationalError, match="pg_hba"):
        psycopg.connect(demo.dsn.replace("zdtui@", "postgres@"))
    assert demo.end() == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_ends_it_and_nothing_is_left(serve: Serve, temporary: Path, number: signal.Signals) -> None:
    demo = serve()
    everything = demo.processes()
    assert len(everything) > 10
    assert demo.end(number) == 0
    assert [pid for pid in everything if is_alive(pid)] == []
    assert list(temporary.iterdir()) == []


def test_a_killed_demo_is_cleared_away_by_its_reaper(serve: Serve) -> None:
    demo = serve()
    everything = demo.processes()
    demo.end(signal.SIGKILL)
    demo.wait_until_nothing_is_left(everything)


def test_the_next_start_sweeps_what_a_demo_killed_with_its_reaper_left(serve: Serve) -> None:
    killed = serve("--no-standby")
    (reaper,) = killed.processes("zdtui.demo.reaper")
    os.kill(reaper, signal.SIGKILL)
    killed.end(signal.SIGKILL)
    left = killed.processes("bin/postgres")
    assert left
    assert killed.folder.exists()
    following = serve("--no-standby", "--no-traffic")
    assert not killed.folder.exists()
    assert [pid for pid in left if is_alive(pid)] == []
    assert following.end() == 0


def test_two_demos_live_side_by_side(serve: Serve) -> None:
    first = serve("--no-standby", "--no-traffic")
    second = serve("--no-standby", "--no-traffic")
    assert second.end() == 0
    with psycopg.connect(first.dsn) as connection:
        assert connection.execute("SELECT count(*) FROM users").fetchone() == (600,)
    assert first.end() == 0


def test_a_kept_demo_runs_on_until_the_next_one(serve: Serve) -> None:
    kept = serve("--keep", "--no-standby")
    assert kept.end() == 0
    assert kept.processes("traffic") == []
    with psycopg.connect(kept.dsn) as connection:
        assert connection.execute("SELECT count(*) >= 600 FROM users").fetchone() == (True,)
    following = serve("--no-standby", "--no-traffic")
    assert kept.processes() == []
    assert not kept.folder.exists()
    assert following.end() == 0


def test_a_plan_that_is_not_there_is_told_before_anything_starts(temporary: Path) -> None:
    said = subprocess.run(
        [sys.executable, "-m", "zdtui", "demo", "--plan", "no-such-plan.yaml"],
        capture_output=True,
        text=True,
        cwd="/",
        env={**os.environ, "TMPDIR": str(temporary)},
        check=False,
    )
    assert said.returncode == 2
    assert "no-such-plan.yaml" in said.stderr
    assert "PostgreSQL 18 with a shop" not in said.stderr


@pytest.mark.parametrize("ending", [RuntimeError("the console crashed"), KeyboardInterrupt(), SystemExit(143)])
def test_a_console_that_does_not_return_leaves_nothing(
    temporary: Path, monkeypatch: pytest.MonkeyPatch, ending: BaseException
) -> None:
    seen = []

    def crash(plan_path: str, dsn: str) -> int:
        with psycopg.connect(dsn) as connection:
            seen.append(connection.execute("SELECT count(*) FROM users").fetchone())
        raise ending

    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    monkeypatch.setattr("zdtui.cli.run.open_console", crash)
    monkeypatch.setattr("zdtui.cli.demo.needs_terminal", lambda: None)
    handlers = [signal.getsignal(number) for number in ENDINGS]
    CliRunner().invoke(command, [*SMALL, "--no-standby"])
    assert seen == [(600,)]
    assert list(temporary.iterdir()) == []
    assert [signal.getsignal(number) for number in ENDINGS] == handlers


@AS_ROOT
def test_an_ordinary_user_can_start_it(serve: Serve) -> None:
    nobody = pwd.getpwnam("nobody").pw_uid
    try:
        subprocess.run([sys.executable, "-c", "import zdtui"], user=nobody, cwd="/", check=True)
    except (PermissionError, subprocess.CalledProcessError):
        pytest.skip("this environment lies where nobody may not look")
    demo = serve(uid=nobody)
    assert demo.folder.stat().st_uid == nobody
    everything = demo.processes()
    assert demo.end() == 0
    demo.wait_until_nothing_is_left(everything)


@AS_ROOT
def test_root_runs_the_servers_as_somebody_else(serve: Serve) -> None:
    demo = serve("--no-standby", "--no-traffic")
    postmaster, *_ = demo.processes("bin/postgres")
    assert Path(f"/proc/{postmaster}").stat().st_uid != 0
    assert (demo.folder / "primary").stat().st_mode & 0o077 == 0
    assert demo.end() == 0
