"""Facts about the server that more than one dialog states: where it happens, who is in the way. Pure."""

from screens.dialogs.frame.now import Now, as_of
from screens.dialogs.frame.sheet import Fact, Rank
from screens.look import Look
from screens.words import figure
from zdtui import amounts
from zdtui.counted import counted
from zdtui.run.decisions.snapshot import Snapshot
from zdtui.run.locks.outwaited import Outwaited, outwaited
from zdtui.run.model.console import ConnectionState
from zdtui.sql.outwaits import outwaits
from zdtui.sql.statement import Statement
from zdtui.watch.samples import Backend, LockNode, LocksSample, QueriesSample, Reading, Samples, Unseen, nodes_of

NAMED = 3
"""Backends named one by one; the others are counted."""


def on_fact(snapshot: Snapshot) -> Fact:
    """'shop at db1:5432 as migrator, PRODUCTION, PostgreSQL 18.4 primary'."""
    environment = snapshot.plan.target.environment
    where = environment.upper() if snapshot.is_production else str(environment)
    server = snapshot.identity
    if server is None:
        return Fact(
            "on", f"no server yet: {snapshot.connection_detail or 'connecting'} ({where})", Look.LOUD, Rank.DECIDES
        )
    role = "standby" if server.in_recovery else "primary"
    text = f"{server.database} at {server.address} as {server.role}, {where}, PostgreSQL {server.version} {role}"
    if snapshot.connection_state is ConnectionState.LOST:
        return Fact("on", f"{text}; CONNECTION LOST {snapshot.connection_detail}", Look.LOUD, Rank.DECIDES)
    return Fact("on", text, Look.STRONG, Rank.DECIDES)


def who(backend: Backend) -> str:
    """'4711 report-nightly', with a word when it is ours."""
    return f"{backend.key.pid} {backend.application or backend.user or backend.backend_type}" + (
        " (ours)" if backend.ours else ""
    )


def now_facts(snapshot: Snapshot, statements: tuple[Statement, ...], now: Now) -> tuple[Fact, ...]:
    """Who would make these statements wait, as the panes see it at this moment; and what is over its limit."""
    samples, server = snapshot.samples, snapshot.identity
    rank = Rank.HELPS
    if any(outwaits(statement) is not None for statement in statements):
        rank = Rank.WEIGHS
        waits = _outwaited(samples, statements, "" if server is None else server.database, now)
    else:
        waits = _transactions(samples, now)
    lines = [*_locks(samples.locks, statements, now), *waits]
    lag = samples.replication.sample
    if lag is not None and lag.worst_lag is not None and not isinstance(lag.worst_lag, Unseen):
        lines.append(f"replay lag {amounts.age(lag.worst_lag)} on {lag.worst_standby or 'the worst standby'}")
    over = tuple(
        Fact("over", str(breach), Look.LOUD, Rank.DECIDES) for breach in snapshot.breached_guards if not breach.figure
    )
    return (
        *(Fact("now" if number == 0 else "", line, rank=rank) for number, line in enumerate(lines)),
        *over,
        *blind_facts(snapshot),
    )


def blind_facts(snapshot: Snapshot) -> tuple[Fact, ...]:
    """What has a limit and cannot be seen, and what this run goes on without because somebody accepted it."""
    blind = [
        Fact("blind", f"{each}; {'the guard holds' if each.stops else 'the throttle rests'}", Look.LOUD, Rank.DECIDES)
        for each in snapshot.unseen_figures
    ]
    accepted = [
        Fact(
            "blind",
            f"goes on without {', '.join(each.about) or each.figure}: {each.by}, {each.reason}",
            Look.STRONG,
            Rank.WEIGHS,
        )
        for each in snapshot.run.blindness
    ]
    return (*blind, *accepted)


def _locks(reading: Reading[LocksSample], statements: tuple[Statement, ...], now: Now) -> list[str]:
    """Those at the head of the lock queue of the tables the statements name."""
    sample = reading.sample
    if sample is None:
        return [f"locks: no data ({reading.error or 'no sample yet'})"]
    when = as_of(reading.age(now.monotonic))
    if not sample.waiting:
        return [f"nobody waits for a lock{when}"]
    tables = {_bare(statement.table_name) for statement in statements if statement.table_name}
    heads = [node for node in sample.roots if any(_bare(each.relation) in tables for each in nodes_of((node,)))]
    if not heads:
        return [f"{sample.waiting} waiting for locks on other tables, longest {amounts.age(sample.longest_wait)}{when}"]
    more = [f"and {len(heads) - NAMED} more at the head of a lock queue"] if len(heads) > NAMED else []
    return [*(_lock(node) + when for node in heads[:NAMED]), *more]


def _lock(node: LockNode) -> str:
    behind = sum(1 for _ in nodes_of(node.children))
    return f"{who(node.backend)} holds {node.mode} on {node.relation}, {behind} waiting behind it"


def _transactions(samples: Samples, now: Now) -> list[str]:
    """Nothing where none is listed and yet somebody holds a lock: what the step takes says who, and is the truth."""
    reading: Reading[QueriesSample] = samples.queries
    sample = reading.sample
    if sample is None:
        return [f"transactions: no data ({reading.error or 'no sample yet'})"]
    others = [each for each in sample.backends if not each.ours and each.transaction_age is not None]
    when = as_of(reading.age(now.monotonic))
    if sample.hidden_sessions:
        when = f", {counted(sample.hidden_sessions, 'session')} cannot be seen (grant pg_monitor){when}"
    if not others and sample.hidden_sessions:
        return [f"transactions: none of those this role may see{when}"]
    weights = samples.weights.sample
    if not others and weights is not None and any(each.holders for each in weights.weights):
        return []
    if not others:
        return [f"the panes see no open transaction of anybody else{when}"]
    return [f"oldest transaction {_transaction(others[0])}{when}"]


def _outwaited(samples: Samples, statements: tuple[Statement, ...], database: str, now: Now) -> list[str]:
    """Of a CONCURRENTLY statement: those it waits for, and nobody else."""
    queries, found = samples.queries, outwaited(statements, samples, database)
    if queries.sample is None:
        return [f"transactions: no data ({queries.error or 'no sample yet'})"]
    when = as_of(queries.age(now.monotonic))
    if queries.sample.hidden_sessions:
        when = f", {counted(queries.sample.hidden_sessions, 'session')} cannot be seen (grant pg_monitor){when}"
    if not found:
        return [f"the panes see nobody that this would wait for{when}"]
    named = "; ".join(_waited_for(each) for each in found[:NAMED])
    more = f" and {len(found) - NAMED} more" if len(found) > NAMED else ""
    return [f"this waits for {len(found)} that are there now: {named}{more}{when}"]


def _waited_for(each: Outwaited) -> str:
    name = f"{each.pid} {each.who}" if each.pid else each.who
    return f"{name.strip()} {each.why}, {figure(each.age, amounts.age, none='of unknown age')}"


def _transaction(backend: Backend) -> str:
    how_old = figure(backend.transaction_age, amounts.age, none="of unknown age")
    return f"{how_old}: {who(backend)}, {backend.state or 'state hidden'}"


def _bare(name: str | None) -> str:
    return (name or "").rsplit(".", 1)[-1].strip('"').lower()
