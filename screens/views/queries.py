"""Long-running and idle-in-transaction sessions, the oldest first."""

from screens.look import Look
from screens.rows import Row, Span, row
from screens.scene import Scene
from screens.text import one_line, pad, pad_left
from screens.views.locks import no_way_to_end, who
from screens.views.pane import pane_rows
from screens.words import age
from zdtui.watch.samples import Backend, QueriesSample, Unseen


def queries_title(scene: Scene) -> str:
    """'oldest 4m02s · 3 of 12 active'."""
    sample = scene.snapshot.samples.queries.sample
    if sample is None:
        return ""
    hidden = f", {sample.hidden_sessions} hidden (grant pg_monitor)" if sample.hidden_sessions else ""
    oldest = f"oldest {age(sample.oldest_transaction)}" if sample.oldest_transaction else "none long"
    active = "?" if isinstance(sample.active_sessions, Unseen) else sample.active_sessions
    return f"{oldest} · {active} of {sample.total_sessions} active{hidden}"


def queries_rows(scene: Scene) -> list[Row]:
    """Age leftmost, because it ticks; then state, who, what it waits for, its query. Keys are backends."""
    return pane_rows(scene, scene.snapshot.samples.queries, _rows)


def _rows(scene: Scene, sample: QueriesSample) -> list[Row]:
    if not sample.backends:
        nothing = " Nothing that this role may see runs long." if sample.hidden_sessions else " Nothing runs long."
        return [row(Span(nothing, Look.WARN if sample.hidden_sessions else Look.QUIET))]
    return [_backend(scene, backend) for backend in sample.backends]


def _backend(scene: Scene, backend: Backend) -> Row:
    state = (backend.state or ("hidden" if backend.hidden else "")).replace("idle in transaction", "idle in tx")
    waits = (
        f"{backend.wait_event_type}:{backend.wait_event} " if backend.wait_event and backend.state == "active" else ""
    )
    look = Look.WARN if state.startswith("idle in tx") else Look.PLAIN
    return row(
        Span(f" {pad_left(age(backend.transaction_age or backend.query_age), 7)} ", Look.QUIET),
        Span(f"{backend.key.pid} "),
        Span(f"{pad(state, 10)} ", look),
        Span(f"{who(backend).removesuffix(' idle in tx')}", Look.STRONG),
        no_way_to_end(scene, backend),
        " ",
        Span(f"{one_line(waits)} " if waits else "", Look.WARN),
        Span(one_line(backend.query), Look.QUIET),
        key=backend.key,
    )
