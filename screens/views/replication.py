"""Each standby: state, lags in time and bytes, a sparkline; the slots and the WAL they retain."""

from screens.look import Look
from screens.rows import Row, Span, row
from screens.scene import Scene
from screens.text import one_line, pad, pad_left
from screens.views.pane import pane_rows, pane_title
from screens.words import age, size, sparkline
from zdtui.plan.quantities import format_duration
from zdtui.watch.samples import ReplicationSample, Slot, Standby

SPARK = 12


def replication_title(scene: Scene, number: int) -> Row:
    """'Replication · worst 0.4 s'."""
    sample = scene.snapshot.samples.replication.sample
    text = ""
    if sample is not None:
        worst = f"worst {age(sample.worst_lag)}" if sample.worst_lag is not None else "all replayed"
        text = worst if sample.standbys else "this is a standby" if sample.in_recovery else "no standby"
    return pane_title(scene, number, "Replication", text, scene.snapshot.samples.replication)


def replication_rows(scene: Scene) -> list[Row]:
    """Standbys, then slots."""
    return pane_rows(scene, scene.snapshot.samples.replication, _rows)


def _rows(scene: Scene, sample: ReplicationSample) -> list[Row]:
    rows = [each for standby in sample.standbys for each in _standby(scene, standby)]
    rows += [_slot(slot) for slot in sample.slots]
    return rows or [row(Span(" No standby streams from here.", Look.QUIET))]


def _standby(scene: Scene, standby: Standby) -> list[Row]:
    if standby.hidden:
        return [
            row(
                f" {one_line(standby.name)} ",
                Span("hidden (grant pg_monitor)", Look.QUIET),
                key=("standby", standby.name),
            )
        ]
    limit = scene.snapshot.plan.guards.replication_lag
    over = limit is not None and standby.replay_lag is not None and standby.replay_lag > limit
    verdict = f"> {format_duration(limit)}" if over and limit is not None else "ok"
    lag = age(standby.replay_lag) if standby.replay_lag is not None else "0.0 s"
    first = row(
        Span(f" {pad_left(lag, 7)} ", Look.LOUD if over else Look.GOOD),
        Span(f"{pad(one_line(standby.name), 14)} ", Look.STRONG),
        Span(f"{one_line(standby.state)} {one_line(standby.sync_state)} "),
        Span(f"{pad_left(size(standby.replay_lag_bytes), 8)} "),
        Span(f"{sparkline(standby.history, SPARK)} ", Look.GOOD),
        Span(verdict, Look.LOUD if over else Look.QUIET),
        key=("standby", standby.name),
    )
    parts = (("write", standby.write_lag), ("flush", standby.flush_lag), ("replay", standby.replay_lag))
    detail = " · ".join(f"{name} {age(value) if value is not None else '-'}" for name, value in parts)
    return [first, row(Span(f"         {detail}", Look.QUIET))]


def _slot(slot: Slot) -> Row:
    state = Span("active", Look.QUIET) if slot.active else Span("INACTIVE", Look.WARN)
    lost = f" {one_line(slot.wal_status)}" if slot.wal_status not in (None, "reserved") else ""
    return row(
        f" slot {one_line(slot.name)} ",
        state,
        Span(f" retains {size(slot.retained_bytes) or '?'}{lost}"),
        key=("slot", slot.name),
    )
