"""What the containers run, run here: the same scripts and health checks, on the embedded PostgreSQL."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from ruamel.yaml import YAML

from tests.fix_db import SETTINGS
from zdtui.demo.account import server_account
from zdtui.demo.embedded import Cluster
from zdtui.demo.folders import OwnedFolder
from zdtui.demo.processes import send
from zdtui.demo.shop import wait_for_standby

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    services: dict[str, Any] = YAML(typ="safe").load(ROOT / "docker-compose.yml")["services"]
    return services


@pytest.fixture(scope="module")
def primary(server_folder: OwnedFolder) -> Iterator[Cluster]:
    """A server as the image leaves it after docker/primary.sh."""
    cluster = Cluster.create(server_folder.path / "compose", 18, SETTINGS)
    cluster.start()
    try:
        script(cluster, "primary.sh", {"SHOP_USERS": "600", "SHOP_SQL": str(ROOT / "zdtui" / "demo")})
        cluster.stop()
        cluster.start()
        yield cluster
    finally:
        cluster.stop("immediate")


def environment(cluster: Cluster, more: dict[str, str]) -> dict[str, str]:
    path = f"{cluster.binaries.folder}:/usr/bin:/bin"
    own = {"PATH": path, "PGDATA": str(cluster.data), "PGHOST": str(cluster.folder), "PGPORT": str(cluster.port)}
    return {**own, "HOME": str(cluster.folder), "LC_ALL": "C", **more}


def script(cluster: Cluster, name: str, more: dict[str, str]) -> None:
    command = ["bash", str(ROOT / "docker" / name)]
    done = subprocess.run(command, env=environment(cluster, more), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def healthy(check: dict[str, Any], cluster: Cluster) -> bool:
    kind, *command = check["test"]
    if kind == "CMD-SHELL":
        command = ["sh", "-c", *command]
    return subprocess.run(command, env=environment(cluster, {}), capture_output=True, check=False).returncode == 0


def test_the_primary_is_healthy_and_keeps_the_superuser_out(primary: Cluster, compose: dict[str, Any]) -> None:
    assert healthy(compose["primary"]["healthcheck"], primary)
    with psycopg.connect(primary.dsn("shop", "zdtui", tcp=True)) as connection:
        assert connection.execute("SELECT count(*) FROM users").fetchone() == (600,)
    for user in ("postgres", "replicator"):
        with pytest.raises(psycopg.OperationalError, match="pg_hba"):
            psycopg.connect(primary.dsn("shop", user, tcp=True))


def test_the_standby_copies_streams_and_is_healthy(
    primary: Cluster, compose: dict[str, Any], server_folder: OwnedFolder
) -> None:
    standby = Cluster.prepared(server_folder.path / "compose-standby", primary.binaries, SETTINGS)
    more = {"PRIMARY_HOST": "127.0.0.1", "PRIMARY_PORT": str(primary.port), "STANDBY_NAME": "standby-a"}
    places = ["-k", str(standby.folder), "-p", str(standby.port), "-h", "127.0.0.1"]
    account = server_account()
    process = subprocess.Popen(
        ["bash", str(ROOT / "docker" / "standby.sh"), *places],
        env=environment(standby, more),
        cwd=standby.folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        user=account.uid,
        group=account.gid,
        extra_groups=None if account.uid is None else [],
    )
    try:
        wait_for_standby(primary, "standby-a")
        while not healthy(compose["standby"]["healthcheck"], standby):
            assert process.poll() is None
        with psycopg.connect(standby.dsn("shop", "zdtui", tcp=True)) as connection:
            assert connection.execute("SELECT pg_is_in_recovery()").fetchone() == (True,)
    finally:
        send(process.pid, signal.SIGQUIT)
        process.wait(20)


def test_the_health_check_of_the_traffic_sees_it(primary: Cluster, compose: dict[str, Any]) -> None:
    check = compose["traffic"]["healthcheck"]["test"][-1]
    seen = [sys.executable, "-c", check.replace("shop_app@primary", f"shop_app@127.0.0.1:{primary.port}")]
    assert subprocess.run(seen, capture_output=True, check=False).returncode != 0
    with psycopg.connect(primary.dsn("shop", "shop_app", tcp=True)):
        assert subprocess.run(seen, capture_output=True, check=False).returncode == 0
