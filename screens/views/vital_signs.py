"""The second line of a small screen: the four vital signs, each with its limit when it is over."""

from typing import Any

from screens.look import Look
from screens.rows import Row, Span, row
from screens.scene import Scene
from screens.text import one_line, width_of
from screens.views.pane import not_seen
from screens.words import figure
from zdtui import amounts
from zdtui.run.figures.sight import REPLICATION_LAG
from zdtui.watch.samples import Reading
from zdtui.watch.unseen import Unseen


def vital_rows(scene: Scene) -> list[Row]:
    """Locks, queries, lag, progress: in words, and loud when out of bounds."""
    others = (_locks(scene), _queries(scene), _lag(scene))
    room = scene.width - 1 - sum(width_of(sign.text) + 3 for sign in others)
    signs = (*others, _progress(scene, room))
    spans: list[Span] = []
    for sign in signs:
        spans += [Span(" │ " if spans else " ", Look.QUIET), sign]
    return [row(*spans)]


def _locks(scene: Scene) -> Span:
    reading = scene.snapshot.samples.locks
    if (unseen := _unseen(scene, reading, "locks")) is not None or reading.sample is None:
        return unseen or Span("locks ?")
    sample = reading.sample
    limit = scene.snapshot.plan.guards.blocked_sessions
    if limit is not None and sample.waiting_behind_us > limit:
        return Span(f"LOCKS {sample.waiting_behind_us} behind us > {limit}", Look.LOUD)
    if not sample.waiting:
        return Span("locks 0 waiting")
    return Span(f"locks {sample.waiting} waiting {amounts.age(sample.longest_wait)}", Look.STRONG)


def _queries(scene: Scene) -> Span:
    reading = scene.snapshot.samples.queries
    if (unseen := _unseen(scene, reading, "queries")) is not None or reading.sample is None:
        return unseen or Span("queries ?")
    oldest, limit = reading.sample.oldest_transaction, scene.snapshot.plan.guards.oldest_transaction
    if isinstance(oldest, Unseen):
        return Span("oldest tx ?", Look.LOUD if limit is not None else Look.WARN)
    if limit is not None and oldest > limit:
        return Span(f"OLDEST {amounts.age(oldest)} > {amounts.limit(limit)}", Look.LOUD)
    return Span(f"oldest tx {amounts.age(oldest)}" if oldest else "no open tx")


def _lag(scene: Scene) -> Span:
    reading = scene.snapshot.samples.replication
    if (unseen := _unseen(scene, reading, "lag")) is not None or reading.sample is None:
        return unseen or Span("lag ?")
    sample = reading.sample
    limit, lag = scene.snapshot.plan.guards.replication_lag, sample.worst_lag
    guarded = Look.LOUD if any(each.figure == REPLICATION_LAG for each in scene.snapshot.unseen_figures) else Look.WARN
    if scene.snapshot.missing_standbys and guarded is Look.LOUD:
        return Span(f"LAG ? {one_line(scene.snapshot.missing_standbys[0])} GONE", Look.LOUD)
    if isinstance(lag, Unseen) or isinstance(sample.standbys, Unseen):
        accepted = any(each.figure == REPLICATION_LAG for each in scene.snapshot.run.blindness)
        return Span("lag ? accepted" if accepted and guarded is Look.WARN else "lag ?", guarded)
    if not sample.standbys:
        return Span("no standby", Look.QUIET)
    if lag is not None and limit is not None and lag > limit:
        return Span(f"LAG {amounts.age(lag)} > {amounts.limit(limit)}", Look.LOUD)
    return Span(f"lag {amounts.age(lag)}" if lag is not None else "no standby streams")


def _progress(scene: Scene, room: int) -> Span:
    activity = scene.snapshot.activity
    if activity is None:
        return Span("idle", Look.QUIET)
    progress = activity.progress
    if progress is None:
        return Span(str(activity.doing))
    share = figure(progress.fraction, amounts.share, none="working")
    left = [] if progress.eta is None else [f"{share} {progress.eta} left", f"{share} {progress.eta}"]
    return Span(next((text for text in left if width_of(text) <= room), share), Look.GOOD)


def _unseen(scene: Scene, reading: Reading[Any], name: str) -> Span | None:
    if (unseen := not_seen(reading)) is not None:
        return Span(f"{name}: {unseen}", Look.QUIET)
    stale = scene.stale(reading)
    return None if stale is None else Span(f"{name} {amounts.age(stale)} OLD", Look.LOUD)
