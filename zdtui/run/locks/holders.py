"""Holders as the panes show backends, so that one can be selected, and cancelled after a preview, where it is named."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from zdtui.postgres.table_locks.lock_facts import Holder
from zdtui.sql.text.secrets import masked
from zdtui.watch.client import client_address, client_port
from zdtui.watch.samples import Backend, LockNode

MOST = 50
"""Holders that are shown; the oldest transactions are first."""


def holder_nodes(holders: Sequence[Holder]) -> tuple[LockNode, ...]:
    """Each session once, with the strongest mode that keeps us out, the oldest transaction first."""
    strongest: dict[tuple[int, str], Holder] = {}
    for holder in holders:
        key = (holder.pid, holder.transaction)
        known = strongest.get(key, holder)
        strongest[key] = replace(
            holder if holder.mode.strength > known.mode.strength else known, workers=max(known.workers, holder.workers)
        )
    return tuple(_node(holder) for holder in list(strongest.values())[:MOST])


def _node(holder: Holder) -> LockNode:
    return LockNode(
        backend=_backend(holder),
        mode=str(holder.mode),
        relation=f"{holder.target.schema}.{holder.target.name}",
        waiting=None if holder.granted else _age(holder.query_age) or timedelta(0),
    )


def _backend(holder: Holder) -> Backend:
    return Backend(
        key=holder.backend,
        user=holder.user,
        application=holder.application,
        database=holder.database,
        state=holder.state or None,
        wait_event_type=None,
        wait_event=None,
        transaction_age=_age(holder.age),
        query_age=_age(holder.query_age),
        state_age=_age(holder.state_age),
        query=masked(holder.query),
        backend_type=holder.backend_type if holder.pid else "prepared transaction",
        has_written=holder.has_written or not holder.pid,
        client_address=client_address(holder.client_address, holder.client_port),
        client_port=client_port(holder.client_port),
        workers=holder.workers,
        hidden=holder.hidden,
    )


def _age(seconds: float | None) -> timedelta | None:
    return None if seconds is None else timedelta(seconds=max(0.0, seconds))
