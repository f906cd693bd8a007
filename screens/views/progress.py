"""How far what we run is: a backfill's own figures, and what the server says of long commands."""

from screens.look import Look
from screens.rows import Row, Span, row
from screens.scene import Scene
from screens.text import drawable, one_line
from screens.views.locking import locking_rows
from screens.views.locks import who
from screens.views.pane import pane_rows, pane_title
from screens.words import age, bar, count, percent, short_count
from zdtui.run.snapshot import Activity, BatchProgress
from zdtui.run.throttle.shown import ThrottleShown
from zdtui.watch.samples import CommandProgress, ProgressSample

NEAR = 0.75
"""The share of its limit from which a signal stands out."""
EFFORTS = {"gentle": "■□□ gentle", "normal": "■■□ normal", "full": "■■■ full"}


def progress_title(scene: Scene, number: int) -> Row:
    """'Progress · backfill-names'."""
    activity = scene.snapshot.activity
    text = drawable(activity.step) if activity is not None else "nothing of ours runs"
    return pane_title(scene, number, "Progress", text, scene.snapshot.samples.progress)


def progress_rows(scene: Scene) -> list[Row]:
    """Ours first, then the server's."""
    activity = scene.snapshot.activity
    ours = _activity(scene, activity) if activity is not None else []
    return [*ours, *pane_rows(scene, scene.snapshot.samples.progress, _server)]


def _activity(scene: Scene, activity: Activity) -> list[Row]:
    rows = [_batches(scene, activity.progress)] if activity.progress is not None else []
    if activity.progress is not None:
        rows += _figures(scene, activity, activity.progress)
    elif activity.statement:
        since = activity.statement_since if activity.statement_since is not None else activity.since
        rows.append(row(f" {age(scene.now - since)} ", Span(one_line(activity.statement), Look.STRONG)))
    if activity.locking is not None:
        rows += locking_rows(scene)
    if activity.tries_total > 1 and activity.try_number > 1:
        rows.append(row(f" try {activity.try_number} of {activity.tries_total}"))
    if activity.soak_until is not None:
        left = max(0.0, (activity.soak_until - scene.wall).total_seconds())
        rows.append(row(f" soaking, {age(left)} left, until {activity.soak_until:%H:%M:%S} UTC"))
    return rows


def _batches(scene: Scene, progress: BatchProgress) -> Row:
    if progress.fraction is None:
        return row(Span(f" {count(progress.rows)} rows; the share that is done cannot be told for this key", Look.GOOD))
    width = max(8, min(30, scene.width - 12))
    return row(" ", Span(bar(progress.fraction, width), Look.GOOD), Span(f" {percent(progress.fraction)}", Look.STRONG))


def _figures(scene: Scene, activity: Activity, progress: BatchProgress) -> list[Row]:
    of = f" of ~{short_count(progress.total_estimate)}" if progress.total_estimate else ""
    left = f" · done in about {age(progress.eta)}" if progress.eta is not None else ""
    rejected = f" · {count(progress.rejected)} rejected" if progress.rejected else ""
    pace = f"{count(progress.batch_rows)} rows in {progress.batch_seconds * 1000:.0f} ms"
    rows = [
        row(f" {count(progress.rows)} rows{of} · {short_count(progress.rows_per_second)} rows/s{left}{rejected}"),
        row(f" {count(progress.batches)} batches · {pace} · how hard: {EFFORTS[scene.snapshot.effort]}"),
    ]
    if activity.reason:
        rows.append(row(Span(f" {activity.doing}: {one_line(activity.reason)}", Look.WARN)))
    return [*rows, *throttle_rows(activity.throttle)]


def throttle_rows(throttle: ThrottleShown | None) -> list[Row]:
    """The share of the time that is worked, what holds it down, and each signal beside its limit, the nearest first."""
    if throttle is None:
        return []
    held = f" · held down by {one_line(throttle.reason)}" if throttle.reason else ""
    rows = [row(Span(f" works {percent(throttle.share)} of the time{held}", Look.WARN if held else Look.QUIET))]
    for signal in sorted(throttle.signals, key=lambda each: -each.pressure):
        look = Look.DANGER if signal.pressure >= 1 else Look.WARN if signal.pressure >= NEAR else Look.QUIET
        rows.append(row(Span(f"   {one_line(str(signal))}", look)))
    return rows


def _server(scene: Scene, sample: ProgressSample) -> list[Row]:
    rows = [each for command in sample.commands for each in _command(scene, command)]
    if sample.snapshot_holders:
        rows.append(row(Span(" old snapshots a CONCURRENTLY build waits for:", Look.QUIET)))
    for holder in sample.snapshot_holders:
        backend = holder.backend
        rows.append(row(f" {age(backend.transaction_age)} {backend.key.pid} {who(backend)}", key=backend.key))
    if not rows and scene.snapshot.activity is None:
        return [row(Span(" No build, vacuum or copy is under way.", Look.QUIET))]
    return rows


def _command(scene: Scene, command: CommandProgress) -> list[Row]:
    share = command.done / command.total if command.total else None
    ours = "*" if command.ours else ""
    first = row(
        f" {command.pid}{ours} ",
        Span(f"{one_line(command.command)} ", Look.STRONG),
        f"{one_line(command.relation)}: {one_line(command.phase)}",
        key=("command", command.pid, command.command),
    )
    waits = f" · waits for {command.waits_for}" if command.waits_for else ""
    if share is None:
        return [first, row(f"   {waits.removeprefix(' · ')}")] if waits else [first]
    width = max(8, min(20, scene.width - 40))
    figures = f" {percent(share)} {count(command.done)} of {count(command.total)} {command.unit}{waits}"
    return [first, row("   ", Span(bar(min(1.0, share), width), Look.GOOD), figures)]
