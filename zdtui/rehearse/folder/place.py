"""Where a folder is rehearsed: an empty database, made for it on a scratch server or beside the one that was given."""

import contextlib
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from zdtui.demo.binaries import INSTALLS
from zdtui.demo.dumper import find_dumper
from zdtui.demo.embedded import Cluster, ClusterSettings
from zdtui.demo.folders import claim_folder, sweep_leftovers
from zdtui.errors import TargetError
from zdtui.fingerprint.dumper import Dumper
from zdtui.postgres.ask import ask
from zdtui.postgres.queries import query
from zdtui.postgres.sessions.connect import connect, identity
from zdtui.postgres.sessions.error_text import sentence
from zdtui.postgres.sessions.session import Session
from zdtui.postgres.target.target import Target
from zdtui.rehearse.folder.scripts import APPLICATION

KIND = "zdtui-folder"
DATABASE = "zdtui_rehearsal_of_a_folder"
SETTINGS = ClusterSettings(
    fsync=False, shared_buffers="64MB", max_connections=30, parameters={"wal_level": "logical", "autovacuum": "off"}
)


@dataclass(slots=True)
class Place:
    """An empty database, and how to have another one."""

    server: Target
    """Any other database of it."""
    session: Session
    """On that one."""
    dumper: Dumper
    version: str
    scratch: bool
    """Nobody else is on the server: roles may be made."""

    @property
    def target(self) -> Target:
        """The database."""
        return Target(make_conninfo(self.server.conninfo, dbname=DATABASE), self.server.password)

    async def begin_anew(self) -> None:
        """Drop the database and make it again, empty. Raises psycopg.Error."""
        await self.drop()
        await self.session.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(DATABASE)))

    async def drop(self) -> None:
        """Drop the database, whoever is in it."""
        await self.session.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(DATABASE)))

    async def roles(self) -> set[str]:
        """The roles of the server. Raises psycopg.Error."""
        return {name for (name,) in await ask(self.session, query("role_names"))}

    async def make_role(self, name: str) -> None:
        """Make a role that a migration takes to be there. Raises psycopg.Error."""
        await self.session.execute(sql.SQL("CREATE ROLE {}").format(sql.Identifier(name)))


@contextmanager
def scratch_server() -> Iterator[Target]:
    """The newest embedded server, with nothing in it. Raises EmbeddedServerError."""
    sweep_leftovers(KIND)
    folder = claim_folder(KIND)
    try:
        cluster = Cluster.create(folder.path / "scratch", max(INSTALLS), SETTINGS)
        cluster.start()
        try:
            yield Target(cluster.dsn())
        finally:
            cluster.stop("immediate")
    finally:
        folder.remove()


@asynccontextmanager
async def place_on(server: Target, *, scratch: bool) -> AsyncIterator[Place]:
    """An empty database on that server; it is dropped afterwards, and one that was left by a killed rehearsal before.

    Raises TargetError where it cannot be made, or somebody works in it.
    """
    async with await connect(server, application_name=APPLICATION, only_asks=False) as session:
        who = await identity(session)
        place = Place(server, session, find_dumper(who.version_number // 10000), who.version, scratch)
        await _refuse_where_somebody_works(session)
        try:
            await place.begin_anew()
        except psycopg.Error as error:
            raise TargetError(
                f"no database {DATABASE} could be made on {who.address}: {sentence(error)};"
                " name a server whose role may, or leave the server out for one made for this"
            ) from None
        try:
            yield place
        finally:
            with contextlib.suppress(psycopg.Error):
                await place.drop()


async def _refuse_where_somebody_works(session: Session) -> None:
    rows = await ask(session, query("folder_rehearsed"), [DATABASE])
    if rows and rows[0][0]:
        raise TargetError(f"another rehearsal works in the database {DATABASE} (pid {rows[0][0]}): wait for its end")
