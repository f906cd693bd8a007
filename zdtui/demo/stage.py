"""The whole demo: a primary with the shop, its streaming standby, and the application's traffic."""

import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from zdtui.amounts import number
from zdtui.demo.embedded import Cluster, ClusterSettings
from zdtui.demo.folders import OwnedFolder, claim_folder, sweep_leftovers
from zdtui.demo.shop import APPLICATION, DATABASE, OPERATOR, USERS, create_roles, create_shop, wait_for_standby

MAJOR = 18
STANDBY = "standby-a"
TRAFFIC_END_SECONDS = 2.0
"""How long the traffic may take to end before it is killed."""


@dataclass(frozen=True, slots=True)
class DemoSettings:
    """What the demo consists of."""

    users: int = USERS
    standby: bool = True
    traffic: bool = True


@dataclass(slots=True)
class Demo:
    """A running demo. `close` leaves nothing of it, `keep` leaves the servers."""

    folder: OwnedFolder
    primary: Cluster
    standby: Cluster | None = None
    traffic: subprocess.Popen[bytes] | None = None

    @property
    def dsn(self) -> str:
        """The shop on the primary, as the operator, by loopback."""
        return self.primary.dsn(DATABASE, OPERATOR, tcp=True)

    @property
    def standby_dsn(self) -> str | None:
        """The same on the standby, read-only."""
        return self.standby.dsn(DATABASE, OPERATOR, tcp=True) if self.standby else None

    @property
    def traffic_log(self) -> Path:
        """What the traffic said."""
        return self.folder.path / "traffic.log"

    def start_traffic(self) -> None:
        """Let the application's clients come. They end when this process does."""
        dsn = self.primary.dsn(DATABASE, APPLICATION)
        with self.traffic_log.open("ab") as log:
            self.traffic = subprocess.Popen(
                [sys.executable, "-P", "-m", "zdtui.demo.traffic", "--dsn", dsn, "--until-stdin-closes"],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def end_traffic(self) -> None:
        """Let the clients go."""
        if self.traffic is None:
            return
        try:
            self.traffic.communicate(timeout=TRAFFIC_END_SECONDS)
        except subprocess.TimeoutExpired:
            self.traffic.kill()
            self.traffic.wait()
        self.traffic = None

    def close(self) -> None:
        """Stop everything at once and remove the folder."""
        self.end_traffic()
        for server in (self.standby, self.primary):
            if server is not None:
                server.stop("immediate")
        self.folder.remove()

    def keep(self) -> None:
        """End the traffic, leave the servers running. The next demo removes them."""
        self.end_traffic()
        self.folder.abandon()


def start_demo(settings: DemoSettings, say: Callable[[str], None]) -> Demo:
    """Clear up after killed demos, then build everything; `say` gets at most four lines of progress.

    Raises EmbeddedServerError, and leaves nothing behind, when a part of it does not start.
    """
    sweep_leftovers()
    folder = claim_folder()
    try:
        return _build(folder, settings, say)
    except BaseException:
        folder.remove()
        raise


def _build(folder: OwnedFolder, settings: DemoSettings, say: Callable[[str], None]) -> Demo:
    say(f"starting PostgreSQL {MAJOR} and filling a shop, some seconds")
    primary = Cluster.create(folder.path / "primary", MAJOR, ClusterSettings())
    primary.start()
    create_roles(primary)
    create_shop(primary, settings.users)
    demo = Demo(folder, primary)
    say(f"PostgreSQL {MAJOR} with a shop of {number(settings.users)} users on 127.0.0.1:{primary.port}")
    if settings.standby:
        demo.standby = primary.make_standby(folder.path / STANDBY)
        wait_for_standby(primary, STANDBY)
        say(f"{STANDBY} streams from it")
    if settings.traffic:
        demo.start_traffic()
        say("the application's traffic flows")
    return demo
