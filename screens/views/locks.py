"""Who blocks whom, for how long, with which lock mode on which relation; our own backends are marked."""

from screens.look import Look
from screens.rows import Row, Span, row
from screens.scene import Scene
from screens.text import one_line, pad_left
from screens.views.pane import pane_rows
from screens.words import figure
from zdtui import amounts
from zdtui.counted import counted
from zdtui.watch.samples import Backend, LockNode, LocksSample


def locks_title(scene: Scene) -> str:
    """'3 waiting, longest 1.2 s'."""
    sample = scene.snapshot.samples.locks.sample
    if sample is None:
        return ""
    if (activity := scene.snapshot.activity) is not None and activity.locking is not None:
        behind = counted(sample.waiting_behind_us, "session") if sample.waiting_behind_us else "nobody"
        return f"we wait, {behind} behind us"
    if not sample.waiting:
        return "nobody waits"
    ours = (
        f", {sample.waiting_behind_us} behind us for {amounts.age(sample.victims_lost)}"
        if sample.waiting_behind_us
        else ""
    )
    return f"{sample.waiting} waiting, longest {amounts.age(sample.longest_wait)}{ours}"


def locks_rows(scene: Scene) -> list[Row]:
    """A tree: each root blocks and waits for nobody. Keys are backends."""
    return pane_rows(scene, scene.snapshot.samples.locks, _rows)


def _rows(scene: Scene, sample: LocksSample) -> list[Row]:
    if not sample.roots:
        activity = scene.snapshot.activity
        ours = activity is not None and activity.locking is not None
        return [row(Span(f" Nobody{' else' if ours else ''} waits for a lock.", Look.QUIET))]
    return [each for root in sample.roots for each in _node(scene, root, "")]


def _node(scene: Scene, node: LockNode, indent: str) -> list[Row]:
    backend = node.backend
    mode = one_line(node.mode)
    wants = f"wants {mode} on " if node.waiting is not None else f"holds {mode} on " if mode else ""
    since = node.waiting if node.waiting is not None else backend.transaction_age
    look = Look.STRONG if backend.ours else Look.PLAIN
    line = row(
        Span(f" {pad_left(figure(since, amounts.age), 7)} ", Look.QUIET),
        Span(f"{indent}{backend.key.pid} {who(backend)} ", look),
        Span(f"{wants}{one_line(node.relation)}", Look.WARN if node.waiting is not None else Look.PLAIN),
        no_way_to_end(scene, backend),
        key=backend.key,
    )
    deeper = indent.replace("├", "│").replace("└", " ")
    rows = [line]
    for place, child in enumerate(node.children):
        rows += _node(scene, child, deeper + ("└ " if place == len(node.children) - 1 else "├ "))
    return rows


def no_way_to_end(scene: Scene, backend: Backend) -> Span:
    """A mark where neither C nor K can do anything, so that nobody counts on it."""
    return Span(" (no C, no K)", Look.QUIET) if scene.snapshot.why_untouchable(backend) else Span("")


def who(backend: Backend) -> str:
    """'zdtui*' for ours, else the application or what kind of backend it is, with its state when it is idle."""
    name = one_line(backend.application) or backend.backend_type
    state = " idle in tx" if (backend.state or "").startswith("idle in transaction") else ""
    return f"{name}{'*' if backend.ours else ''}{state}"
