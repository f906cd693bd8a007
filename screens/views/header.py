"""The first line: which plan, where, as whom, how it stands. Where am I?"""

from screens.look import Look
from screens.rows import Row, Span, row
from screens.scene import Scene
from screens.text import cut, drawable, width_of
from zdtui import amounts
from zdtui.configuration.zone import beside_utc
from zdtui.run.decisions.snapshot import Snapshot
from zdtui.run.figures.sight import REPLICATION_LAG
from zdtui.run.model.console import ConnectionState, ConsoleRole

WIDE = 120


def header_rows(scene: Scene) -> list[Row]:
    """One row, filled to the width: identity on the left, state and clock on the right."""
    wide = scene.width >= WIDE
    right = _right(scene, wide)
    left = _left(scene, wide, scene.width - width_of("".join(span.text for span in right)) - 1)
    gap = scene.width - width_of("".join(span.text for span in (*left, *right)))
    return [row(*left, " " * max(1, gap), *right)]


def _left(scene: Scene, wide: bool, room: int) -> list[Span]:
    snapshot = scene.snapshot
    plan = snapshot.plan
    name = cut(drawable(plan.name), max(8, room // 3))
    spans = [Span(f" {'zdtui · ' if wide else ''}{name} ", Look.STRONG), _banner(snapshot, wide)]
    used = sum(width_of(span.text) for span in spans)
    return [*spans, Span(cut(f" {where(snapshot, wide, room - used - 1)}", max(0, room - used)))]


def _banner(snapshot: Snapshot, wide: bool) -> Span:
    """Where it counts, and where it is only tried."""
    if snapshot.rehearsal:
        return Span(f" REHEARSAL {drawable(snapshot.rehearsal)} ", Look.BANNER)
    environment = str(snapshot.plan.target.environment)
    if not snapshot.is_production:
        return Span(f" {environment} ", Look.QUIET)
    return Span(f" ███ {environment.upper()} ███ " if wide else f" {environment.upper()} ", Look.BANNER)


def where(snapshot: Snapshot, wide: bool, room: int) -> str:
    """'shop on db1:5432 · PostgreSQL 18.4 primary · as migrator', shorter where there is no room for all of it."""
    identity = snapshot.identity
    if identity is None:
        return "not connected"
    place = f"{drawable(identity.database)} on {drawable(identity.address)}"
    if not wide:
        return place
    kind = "standby" if identity.in_recovery else "primary"
    role = f"as {drawable(identity.role)}"
    version = f"PostgreSQL {drawable(identity.version)}"
    said = (f"{place} · {version} {kind} · {role}", f"{place} · {kind} · {role}", f"{place} · {role}")
    return next((each for each in said if width_of(each) <= room), place)


def _right(scene: Scene, wide: bool) -> list[Span]:
    snapshot = scene.snapshot
    spans = []
    if scene.frozen_for is not None:
        spans.append(Span(f" FROZEN {amounts.age(scene.frozen_for)} ", Look.LOUD))
    if snapshot.connection_state is ConnectionState.LOST:
        spans.append(Span(" LOST ", Look.LOUD))
    elif snapshot.console_role is ConsoleRole.OBSERVER:
        spans.append(Span(" OBSERVER ", Look.LOUD))
    if snapshot.run.armed is not None and snapshot.run.armed.until > scene.wall:
        spans.append(Span(f" ARMED until {snapshot.run.armed.until:%H:%M} ", Look.LOUD))
    if wide and any(each.figure == REPLICATION_LAG for each in snapshot.unseen_figures):
        spans.append(Span(" lag ? ", Look.LOUD))
    spans.append(Span(f" {snapshot.steps_over}/{len(snapshot.plan.steps)} "))
    if wide:
        spans.append(
            Span(
                f"{beside_utc(scene.wall, scene.zone, '%H:%M:%S')} · {cut(drawable(snapshot.operator), 30)} ",
                Look.QUIET,
            )
        )
    else:
        spans.append(Span(f"{scene.wall:%H:%M} " if scene.zone is None else f"{_short_clock(scene)} ", Look.QUIET))
    return spans


def _short_clock(scene: Scene) -> str:
    """'14:02Z 16:02': where there is little room, the zone's own time stands behind UTC's."""
    return f"{scene.wall:%H:%M}Z {scene.wall.astimezone(scene.zone):%H:%M}"
