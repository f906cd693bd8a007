"""One look at a server for a check: what its tables are, how big and how busy. Its sessions only read."""

import asyncio
import time
from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

import psycopg

from zdtui.errors import TargetError
from zdtui.evidence.model import Evidence
from zdtui.evidence.standing import Here
from zdtui.hazards.weight import Weight
from zdtui.postgres.ask import ask_by_name
from zdtui.postgres.catalog import read_schema
from zdtui.postgres.commands import command
from zdtui.postgres.queries import query
from zdtui.postgres.sessions.connect import Target, connect
from zdtui.postgres.sessions.error_text import sentence
from zdtui.postgres.sessions.session import Session, backend_pid
from zdtui.sql.schema.relations import Schema
from zdtui.sql.text.name import Name
from zdtui.watch.here import here_for
from zdtui.watch.probe import Asked, Rows
from zdtui.watch.weights import WeightsProbe

BETWEEN_SAMPLES = 1.0
"""Seconds between two counts of writes, of which the rate is made."""


@dataclass(frozen=True, slots=True)
class Known:
    """What a server knows of its tables, and its major version."""

    schema: Schema
    version: int


async def known(target: Target) -> Known:
    """The catalog of the target. Raises TargetError."""
    async with reading(target) as session:
        return Known(await read_schema(session), session.info.server_version // 10000)


async def weights(target: Target, names: Collection[Name]) -> tuple[Weight, ...]:
    """How big and how busy these are now, those that are there; takes a second. Raises TargetError."""
    if not names:
        return ()
    async with reading(target) as session:

        async def ask(name: str, *parameters: object) -> Rows:
            return await ask_by_name(session, query(name, session.info.server_version), parameters)

        probe, ours = WeightsProbe(lambda: names), frozenset({backend_pid(session)})
        await probe.take(Asked(ask, ours, time.monotonic()))
        await asyncio.sleep(BETWEEN_SAMPLES)
        return (await probe.take(Asked(ask, ours, time.monotonic()))).weights


async def places(target: Target, found: Mapping[str, Evidence]) -> dict[str, Here]:
    """What of this place each evidence is measured by, under the same keys. Raises TargetError."""
    async with reading(target) as session:
        return {path: await here_for(session, evidence) for path, evidence in found.items()}


@asynccontextmanager
async def reading(target: Target) -> AsyncIterator[Session]:
    """A session there that may not write, with names looked up in pg_catalog alone. Raises TargetError."""
    try:
        async with await connect(target, application_name="zdtui check", only_asks=True) as session:
            await session.execute(command("read_only_session"))
            yield session
    except psycopg.Error as error:
        raise TargetError(sentence(error)) from error
