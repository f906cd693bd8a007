"""What presses on the server now: who waits for whom, and how far standbys are behind. No query's text is told."""

import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any, TypeVar

import asyncpg
import psycopg

from zdtui.agents.answer import Answer, RefusedError
from zdtui.agents.says import Says
from zdtui.agents.tool import Arguments, Asked, Kind, Tool
from zdtui.postgres.ask import ask_by_name
from zdtui.postgres.queries import query, query_in
from zdtui.postgres.sessions.session import Session, backend_pid
from zdtui.watch.locks import LocksProbe
from zdtui.watch.probe import Asked as Look
from zdtui.watch.probe import Probe, Rows
from zdtui.watch.replication import ReplicationProbe
from zdtui.watch.samples import LockNode, Unseen

MOST_WAITING = 100
Sample = TypeVar("Sample")


class NoArguments(Arguments):
    """None."""


async def locks_now(asked: Asked, _: NoArguments) -> Answer:
    """Who waits for whom."""
    async with asked.place.asked_database().asked() as session:
        sample = await _taken(LocksProbe(), session)
    left = [MOST_WAITING]
    data = {
        "waiting": sample.waiting,
        "longest_wait_seconds": sample.longest_wait,
        "behind_whom": [_node(each, left) for each in sample.roots],
    }
    return Answer((Says.LOCKS if sample.roots else Says.NOBODY_WAITS,), data)


def _node(node: LockNode, left: list[int]) -> dict[str, Any]:
    left[0] -= 1
    backend = node.backend
    return {
        "pid": backend.key.pid,
        "user": backend.user,
        "application": backend.application,
        "state": backend.state,
        "mode": node.mode,
        "relation": node.relation,
        "waiting_seconds": node.waiting,
        "transaction_seconds": backend.transaction_age,
        "waits_behind_it": [_node(each, left) for each in node.children if left[0] > 0],
    }


async def lag_now(asked: Asked, _: NoArguments) -> Answer:
    """How far standbys are behind."""
    async with asked.place.asked_database().asked() as session:
        sample = await _taken(ReplicationProbe(), session)
    standbys = sample.standbys
    data = {
        "in_recovery": sample.in_recovery,
        "standbys": None
        if isinstance(standbys, Unseen)
        else [
            {
                "name": each.name,
                "state": each.state,
                "sync_state": each.sync_state,
                "replay_lag_seconds": _seen(each.replay_lag),
                "replay_lag_bytes": _seen(each.replay_lag_bytes),
            }
            for each in standbys
        ],
        "worst_lag_seconds": _seen(sample.worst_lag),
        "all_seen": not isinstance(sample.worst_lag, Unseen) and not isinstance(standbys, Unseen),
    }
    return Answer((Says.LAG,), data)


def _seen(figure: timedelta | int | Unseen | None) -> timedelta | int | None:
    return None if isinstance(figure, Unseen) else figure


async def _taken(probe: Probe[Sample], session: Session) -> Sample:
    try:
        return await probe.take(_look(session))
    except asyncpg.PostgresError:
        raise RefusedError(Says.NOT_ALLOWED) from None


def _look(session: Session) -> Look:
    """What the panes' own probes use, on the session of agents."""

    async def ask(name: str, *parameters: object) -> Rows:
        name, _, schema = name.partition("@")
        version = session.info.server_version
        text = query_in(name, schema, version) if schema else query(name, version)
        try:
            return await ask_by_name(session, text, parameters)
        except (psycopg.errors.QueryCanceled, psycopg.OperationalError):
            raise
        except psycopg.Error as error:
            raise asyncpg.PostgresError(type(error).__name__) from error

    asking: Callable[..., Awaitable[Rows]] = ask
    return Look(asking, frozenset({backend_pid(session)}), time.monotonic())


LOCKS_NOW = Tool(
    "locks_now",
    Kind.READS,
    "Which sessions wait for locks now, and behind whom; no query's text.",
    NoArguments,
    locks_now,
)
LAG_NOW = Tool("lag_now", Kind.READS, "How far each standby is behind now.", NoArguments, lag_now)
TOOLS = (LOCKS_NOW, LAG_NOW)
