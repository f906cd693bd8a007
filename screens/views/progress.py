"""How far what we run is: a backfill's own figures, and what the server says of long commands."""

from screens.look import Look
from screens.rows import Row, Span, folded, row
from screens.scene import Scene
from screens.text import drawable, fold, one_line, pad_left, width_of
from screens.views.locking import locking_rows
from screens.views.locks import who
from screens.views.pane import pane_rows
from screens.views.standing import standing_rows, standing_step, standing_title
from screens.words import bar, figure
from zdtui import amounts
from zdtui.configuration.zone import beside_utc
from zdtui.counted import counted
from zdtui.run.model.activity import Activity, BatchProgress, Doing
from zdtui.run.model.remaining import WIDEST
from zdtui.run.model.throttle_status import ThrottleStatus
from zdtui.watch.samples import CommandProgress, ProgressSample

UNSIZED = 80
"""Columns of a pane that has no size yet: it is drawn a moment before it is laid out."""
ROOM_FOR_SOURCE = 64
"""Columns from which on the bar has room beside where an estimate comes from."""
NEAR = 0.75
"""The share of its limit from which a signal stands out."""
EFFORTS = {"gentle": "■□□ gentle", "normal": "■■□ normal", "full": "■■■ full"}


def progress_title(scene: Scene) -> str:
    """'backfill-names'."""
    activity = scene.snapshot.activity
    return drawable(activity.step) if activity is not None else standing_title(scene.snapshot) or "nothing of ours runs"


def progress_rows(scene: Scene) -> list[Row]:
    """Ours first, then the server's, then what may be out of sight: a row that is selected must not push ours away."""
    activity = scene.snapshot.activity
    if scene.middle_tells:
        return [*_summary(scene, activity), *pane_rows(scene, scene.snapshot.samples.progress, _server)]
    ours = _activity(scene, activity) if activity is not None else standing_rows(scene)
    server = pane_rows(scene, scene.snapshot.samples.progress, _server)
    return [*ours, *server, *(_details(scene, activity) if activity is not None else [])]


def _summary(scene: Scene, activity: Activity | None) -> list[Row]:
    """Where the middle tells the rest."""
    if activity is None:
        return standing_rows(scene)[:1]
    if activity.progress is not None:
        return _figures(activity, activity.progress, scene.width or UNSIZED)
    return [row(Span(f" {activity.doing}", Look.STRONG))]


def _activity(scene: Scene, activity: Activity) -> list[Row]:
    rows = _batches(scene, activity, activity.progress) if activity.progress is not None else []
    if activity.progress is None and activity.statement:
        since = activity.statement_since if activity.statement_since is not None else activity.since
        rows.append(row(f" {amounts.age(scene.now - since)} ", Span(one_line(activity.statement), Look.STRONG)))
    if activity.locking is not None and scene.beside:
        who_is_told = Span("the locks pane shows who is in the way", Look.STRONG)
        rows += folded(row(f" {activity.doing}: ", who_is_told), scene.width)
    elif activity.locking is not None:
        rows += locking_rows(scene)
    if activity.tries_total > 1 and activity.try_number > 1:
        rows.append(row(f" try {activity.try_number} of {activity.tries_total}"))
    if activity.soak_until is not None:
        left = max(0.0, (activity.soak_until - scene.wall).total_seconds())
        rows.append(
            row(f" soaking, {amounts.age(left)} left, until {beside_utc(activity.soak_until, scene.zone, '%H:%M:%S')}")
        )
    return rows


def _batches(scene: Scene, activity: Activity, progress: BatchProgress) -> list[Row]:
    rows = [*_figures(activity, progress, scene.width or UNSIZED), _bar(scene, progress)]
    if progress.spoiled:
        text = f"{one_line(progress.spoiled)}: rows cannot be pruned"
        rows += [row(Span(f" {line}", Look.WARN)) for line in fold(text, (scene.width or UNSIZED) - 2)]
    if activity.reason:
        why = row(Span(f" {activity.doing}: {one_line(activity.reason)}", Look.WARN))
        rows += folded(why, scene.width or UNSIZED)
    return rows


def _figures(activity: Activity, progress: BatchProgress, room: int) -> list[Row]:
    """The one line that matters: the share, the rows, the rate, the time left. Figures keep their places.

    Where there is no room for all of it the time left comes second, and the rows and the rate stand below.
    """
    total = 0 if progress.total_estimate is None else width_of(amounts.number(progress.total_estimate))
    width = max(total, width_of(amounts.number(progress.rows)))
    pace = pad_left(amounts.roughly(progress.rows_per_second), 5)
    figures = f"{pad_left(amounts.number(progress.rows), width)} rows · {pace} rows/s"
    if progress.fraction is None:
        unknown = Span("; the share that is done cannot be told for this key", Look.QUIET)
        return folded(row(f" {figures}", unknown), room)
    share = Span(f" {pad_left(amounts.share(progress.fraction), 5)}", Look.STRONG)
    if progress.eta is None:
        left = Span("" if progress.fraction >= 1 else " · time left not known yet", Look.QUIET)
        rests = Span("")
    else:
        left = Span(f" · {pad_left(str(progress.eta), WIDEST)} left", Look.STRONG)
        rests = Span(" once it goes on" if activity.doing is Doing.THROTTLED else "", Look.WARN)
    whole = row(share, f" · {figures}", left, rests)
    if width_of(whole.text) <= room:
        return [whole]
    return [row(share, left, rests), row(f"       · {figures}")]


def _bar(scene: Scene, progress: BatchProgress) -> Row:
    """The share as a bar; what of it is estimated is marked."""
    known = []
    if progress.total_estimate:
        roomy = (scene.width or UNSIZED) >= ROOM_FOR_SOURCE
        how = " (estimated from the rows found so far)" if roomy else ", estimated"
        told = how if progress.estimated else ""
        known.append(f"of {pad_left(f'~{amounts.roughly(progress.total_estimate)}', 6)} rows{told}")
    if progress.rejected:
        known.append(f"{amounts.number(progress.rejected)} rejected")
    text = " · ".join(known)
    width = max(8, min(60, (scene.width or UNSIZED) - 3 - width_of(text)))
    drawn = Span("" if progress.fraction is None else f"{bar(progress.fraction, width)} ", Look.GOOD)
    return row(" ", drawn, text)


def _way(progress: BatchProgress, room: int) -> list[Row]:
    """How the table is walked and why; which part of it, and by how many. The why on a line of its own for room."""
    crew = counted(progress.workers, "session") if progress.workers > 1 else ""
    walk = " · ".join(each for each in (one_line(progress.walk), one_line(progress.part), crew) if each)
    way = f" way through the table: {walk}" if walk else ""
    why = Span(f" because {one_line(progress.why)}" if progress.why else "", Look.QUIET)
    if width_of(way) + width_of(why.text) <= room:
        return [row(way, why)] if way or why.text else []
    short = row(f" way: {walk}" if walk and width_of(way) > room else way)
    return [*folded(short, room), *folded(row(" ", why), room)]


def _details(scene: Scene, activity: Activity) -> list[Row]:
    progress = activity.progress
    if progress is None:
        return []
    took = pad_left(amounts.took(progress.batch_seconds), 6)
    pace = f"{pad_left(amounts.number(progress.batch_rows), 6)} rows in {took}"
    batches = counted(progress.batches, "batch", "batches", shown=amounts.number(progress.batches))
    done = f" {batches} · {pace} · how hard: {EFFORTS[scene.snapshot.throttle_level]}"
    room = scene.width or UNSIZED
    lines = [each for line in (row(done), *throttle_rows(activity.throttle)) for each in folded(line, room, 5)]
    return [*lines, *_way(progress, room)]


def throttle_rows(throttle: ThrottleStatus | None) -> list[Row]:
    """The share of the time that is worked, what holds it down, and each signal beside its limit, the nearest first."""
    if throttle is None:
        return []
    held = f" · held down by {one_line(throttle.reason)}" if throttle.reason else ""
    rows = [row(Span(f" works {amounts.share(throttle.share)} of the time{held}", Look.WARN if held else Look.QUIET))]
    rows += [row(Span(f"   {one_line(blind)}", Look.DANGER)) for blind in throttle.blind]
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
        rows.append(
            row(f" {figure(backend.transaction_age, amounts.age)} {backend.key.pid} {who(backend)}", key=backend.key)
        )
    if sample.hidden_commands:
        hidden = counted(sample.hidden_commands, "more reports", "more report")
        text = f" {hidden} progress that this role may not see (grant pg_monitor)"
        rows.append(row(Span(text, Look.WARN)))
    if not rows and scene.snapshot.activity is None and standing_step(scene.snapshot) is None:
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
    done = f"{amounts.number(command.done)} of {amounts.number(command.total)} {command.unit}"
    figures = f" {amounts.share(share)} {done}{waits}"
    return [first, row("   ", Span(bar(min(1.0, share), width), Look.GOOD), figures)]
