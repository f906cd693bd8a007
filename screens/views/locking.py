"""How the step under way takes its locks: who is in its way, why it does not queue, and what it has cost others."""

from screens.look import Look
from screens.rows import Row, Span, folded, row
from screens.scene import Scene
from screens.text import one_line, pad_left
from screens.views.locks import locks_rows, no_way_to_end, who
from zdtui import amounts
from zdtui.counted import counted
from zdtui.run.decisions.snapshot import Snapshot
from zdtui.run.model.activity import Activity, Doing, Locking
from zdtui.watch.samples import LockNode

MOST = 12
"""Holders that are listed; the rest are counted."""
UNDER_AGE = 9
"""Columns of the age at the left, under which a folded line goes on."""


def locks_pane_rows(scene: Scene) -> list[Row]:
    """What keeps us from our locks first, because it blocks nobody and so is in no queue; then who blocks whom."""
    ours = locking_rows(scene)
    return [*ours, *([row("")] if ours else []), *locks_rows(scene)]


def locking_rows(scene: Scene) -> list[Row]:
    """Nothing once all is locked; else the wait, the holders (keys are backends), and the bill."""
    activity = scene.snapshot.activity
    if activity is None or activity.locking is None:
        return []
    locking = activity.locking
    rows = folded(_wait(scene, activity, locking), scene.width, UNDER_AGE)
    rows += [each for node in locking.holders[:MOST] for each in _holder(scene, node)]
    if len(locking.holders) > MOST:
        rows.append(row(Span(f"   and {len(locking.holders) - MOST} more in the way", Look.QUIET)))
    if scene.middle_tells:
        return rows
    return [*rows, *(each for line in terms_rows(scene.snapshot, locking) for each in folded(line, scene.width, 5))]


def terms_rows(snapshot: Snapshot, locking: Locking) -> list[Row]:
    """How often the queue was tried, for how long at most, and what that cost."""
    ceiling = amounts.limit(snapshot.queue_ceiling) if snapshot.queue_ceiling else "never"
    tried = f"tried {counted(locking.queued, 'time')}" if locking.queued else "not tried"
    why = f" · {one_line(locking.why)}" if locking.why else ""
    blocking_cost = snapshot.blocking_cost
    longest, in_all = amounts.took(blocking_cost.longest), amounts.took(blocking_cost.seconds)
    lost = f"{blocking_cost.victims} waits behind us, longest {longest}, {in_all} in all"
    return [
        row(Span(f"   queue {tried}, at most {ceiling} ([ ] turn it){why}", Look.QUIET)),
        row(
            Span(f"   {lost}", Look.WARN)
            if blocking_cost.victims
            else Span("   nobody has waited behind us", Look.GOOD)
        ),
    ]


def _wait(scene: Scene, activity: Activity, locking: Locking) -> Row:
    how = "in the queue for" if activity.doing is Doing.QUEUEING else "waits for a gap for"
    what = "; ".join(one_line(each) for each in locking.relations)
    return row(
        Span(f" {pad_left(amounts.age(max(0.0, scene.now - locking.since)), 7)} ", Look.QUIET),
        Span(f"{how} ", Look.STRONG),
        Span(what, Look.WARN),
    )


def _holder(scene: Scene, node: LockNode) -> list[Row]:
    backend = node.backend
    does = "holds" if node.waiting is None else "waits for"
    head = row(
        Span(f" {pad_left(amounts.age(backend.transaction_age) if backend.transaction_age else '?', 7)} ", Look.QUIET),
        Span(f"└ {backend.key.pid} {who(backend)} ", Look.PLAIN),
        Span(f"{does} {one_line(node.mode)} on {one_line(node.relation)}", Look.PLAIN),
        no_way_to_end(scene, backend),
        key=backend.key,
    )
    lines = folded(head, scene.width, UNDER_AGE + 2)
    if not backend.query or scene.middle_tells:
        return lines
    return [*lines, row(Span(f"           {one_line(backend.query)}", Look.QUIET))]
