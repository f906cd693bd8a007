"""Each standby: state, lags in time and bytes, a sparkline; the slots and the WAL they retain."""

from datetime import timedelta

from screens.look import Look
from screens.rows import Row, Span, row
from screens.scene import Scene
from screens.text import fold, one_line, pad, pad_left
from screens.views.pane import pane_rows
from screens.words import figure, sparkline
from zdtui import amounts
from zdtui.amounts import limit
from zdtui.watch.samples import ReplicationSample, Slot, Standby, Unseen
from zdtui.watch.worst_lag import lag_of

SPARK = 8
ROOM_FOR_STATE = 62
"""Columns from which on a standby's first row has room for its state and its history without the rest being cut."""
LONG = timedelta(seconds=10)
"""The top of a sparkline's scale where no guard has a limit."""


def replication_title(scene: Scene) -> str:
    """'worst 0.4 s'; what cannot be seen, and what to do about it, in the place of a figure."""
    sample = scene.snapshot.samples.replication.sample
    return "" if sample is None else _summary(scene, sample)


def _summary(scene: Scene, sample: ReplicationSample) -> str:
    if gone := scene.snapshot.missing_standbys:
        more = f" and {len(gone) - 1} more" if len(gone) > 1 else ""
        return f"{one_line(gone[0])}{more} gone"
    if isinstance(sample.standbys, Unseen):
        return "cannot see the standbys"
    if isinstance(sample.worst_lag, Unseen):
        grant = " (grant pg_monitor)" if any(each.hidden for each in sample.standbys) else ""
        who = one_line(sample.worst_standby or "a standby")
        return f"{who}: cannot see its lag{grant}"
    if not sample.standbys:
        return "this is a standby" if sample.in_recovery else "no standby"
    of = f" of {limit(scale(scene))}"
    return (
        f"worst {amounts.age(sample.worst_lag)}{of}"
        if sample.worst_lag is not None
        else f"nothing to replay, scale{of[3:]}"
    )


def replication_rows(scene: Scene) -> list[Row]:
    """What is missing or accepted, then standbys, then slots."""
    return [*_accepted(scene), *pane_rows(scene, scene.snapshot.samples.replication, _rows)]


def _accepted(scene: Scene) -> list[Row]:
    """What this run goes on without, so that a pane that shows nothing is not taken for one that is fine."""
    rows = []
    for each in scene.snapshot.run.blindness:
        what = one_line(", ".join(each.about) or each.figure)
        text = f" without {what}: accepted by {one_line(each.by)}, {one_line(each.reason)}"
        rows.append(row(Span(text, Look.WARN), key=("accepted", each.figure, each.about)))
    return rows


def _rows(scene: Scene, sample: ReplicationSample) -> list[Row]:
    rows = [
        row(Span(f" {one_line(name)} streamed and is GONE", Look.LOUD), key=("gone", name))
        for name in scene.snapshot.missing_standbys
    ]
    if isinstance(sample.standbys, Unseen):
        rows += _cannot_see(scene, "standbys", sample.standbys)
    else:
        rows += [each for standby in sample.standbys for each in _standby(scene, standby)]
    if isinstance(sample.slots, Unseen):
        rows += _cannot_see(scene, "slots", sample.slots)
    else:
        rows += [_slot(slot) for slot in sample.slots]
    return rows or [row(Span(" No standby streams from here.", Look.QUIET))]


def _cannot_see(scene: Scene, what: str, unseen: Unseen) -> list[Row]:
    text = f"{what}: cannot see, {one_line(unseen.why)}"
    return [row(Span(f" {line}", Look.WARN)) for line in fold(text, max(20, scene.width - 2))]


def scale(scene: Scene) -> float:
    """Seconds at the top of a sparkline: the guard's limit, or LONG where there is none. The title says it."""
    limit = scene.snapshot.plan.guards.replication_lag
    return LONG.total_seconds() if not limit else limit.total_seconds()


def _standby(scene: Scene, standby: Standby) -> list[Row]:
    if standby.hidden:
        return [
            row(
                f" {one_line(standby.name)} ",
                Span("cannot see its lag (grant pg_monitor)", Look.WARN),
                key=("standby", standby.name),
            )
        ]
    most, lag = scene.snapshot.plan.guards.replication_lag, lag_of(standby, standby.replay_lag)
    over = most is not None and not isinstance(lag, Unseen) and lag is not None and lag > most
    verdict = "?" if isinstance(lag, Unseen) else f"> {limit(most)}" if over and most is not None else "ok"
    state = f"{one_line(standby.state)} {one_line(standby.sync_state)}"
    narrow = scene.width < ROOM_FOR_STATE
    first = row(
        Span(f" {pad_left(figure(lag, amounts.age, none='-'), 7)} ", Look.LOUD if over else Look.GOOD),
        Span(f"{pad(one_line(standby.name), 14)} ", Look.STRONG),
        Span("" if narrow else f"{state} "),
        Span(f"{pad_left(figure(standby.replay_lag_bytes, amounts.size, none='-'), 8)} "),
        Span(f"{pad(sparkline(standby.history, SPARK, scale(scene)), SPARK)} " if not narrow else "", Look.GOOD),
        Span(verdict, Look.LOUD if over else Look.QUIET),
        key=("standby", standby.name),
    )
    measured = (("write", standby.write_lag), ("flush", standby.flush_lag), ("replay", standby.replay_lag))
    parts = [(name, lag_of(standby, value)) for name, value in measured]
    detail = " · ".join(f"{name} {figure(value, amounts.age, none='-')}" for name, value in parts)
    if narrow:
        return [first, *(row(Span(f"   {line}", Look.QUIET)) for line in (state, detail))]
    return [first, row(Span(f"         {detail}", Look.QUIET))]


def _slot(slot: Slot) -> Row:
    state = Span("active", Look.QUIET) if slot.active else Span("INACTIVE", Look.WARN)
    lost = f" {one_line(slot.wal_status)}" if slot.wal_status not in (None, "reserved") else ""
    return row(
        f" slot {one_line(slot.name)} ",
        state,
        Span(f" retains {figure(slot.retained_bytes, amounts.size)}{lost}"),
        key=("slot", slot.name),
    )
