"""What a rehearsal left beside the plan, and what of this place it is measured by: version, catalog, sizes.

Without evidence the server is asked nothing. What the server does not say is not known, and is no error.
"""

import asyncio
import contextlib
from collections.abc import Mapping

import psycopg

from zdtui.evidence.beside import kept_evidence
from zdtui.evidence.standing import Beside, Here, relations_of
from zdtui.fingerprint.quick import quick_hash
from zdtui.plan.model import Plan
from zdtui.postgres.ask import Connection
from zdtui.postgres.relation_sizes import Size, read_sizes


async def look_for_evidence(plan: Plan, connection: Connection | None) -> Beside:
    """The evidence beside the plan and what is known here. Never raises for what a file or the server holds.

    `connection` must be in autocommit mode; None: no server is at hand.
    """
    kept = await asyncio.to_thread(kept_evidence, plan)
    if kept.evidence is None or connection is None:
        return Beside(kept)
    major = connection.info.server_version // 10000
    catalog: Mapping[str, str] = {}
    sizes: Mapping[str, Size] = {}
    with contextlib.suppress(psycopg.Error):
        catalog = (await quick_hash(connection)).parts
    with contextlib.suppress(psycopg.Error):
        sizes = await read_sizes(connection, relations_of(kept.evidence))
    return Beside(kept, Here(major, catalog, {name: size.bytes for name, size in sizes.items()}))
