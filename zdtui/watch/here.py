"""What of this place a rehearsal is measured by: the server's version, its catalog, and how large the tables are."""

import contextlib
from collections.abc import Mapping

import psycopg

from zdtui.evidence.model import Evidence
from zdtui.evidence.standing import Here, relations_of
from zdtui.fingerprint.quick import quick_hash
from zdtui.postgres.ask import Connection
from zdtui.postgres.relation_sizes import Size, read_sizes


async def here_for(connection: Connection, evidence: Evidence) -> Here:
    """What is known on this session, in autocommit mode. What the server does not say is not known, and is no error."""
    catalog: Mapping[str, str] = {}
    sizes: Mapping[str, Size] = {}
    with contextlib.suppress(psycopg.Error):
        catalog = (await quick_hash(connection)).parts
    with contextlib.suppress(psycopg.Error):
        sizes = await read_sizes(connection, relations_of(evidence))
    major = connection.info.server_version // 10000
    return Here(major, catalog, {name: size.bytes for name, size in sizes.items()})
