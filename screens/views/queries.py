"""Long-running and idle-in-transaction sessions, the oldest first; sorted and left out as the operator chose."""

from screens.look import Look
from screens.rows import Row, Span, row
from screens.scene import Scene
from screens.text import one_line, pad, pad_left
from screens.views.locks import no_way_to_end, who
from screens.views.pane import pane_rows
from screens.words import figure
from zdtui import amounts
from zdtui.counted import counted
from zdtui.watch.samples import Backend, QueriesSample, Unseen

ROOM_FOR_USER, ROOM_FOR_DATABASE, ROOM_FOR_XMIN = 84, 110, 150
"""Columns of the pane from which user and client, the database, and the age of the snapshot stand in each row: what a
narrow pane leaves out is in the details."""
USER, DATABASE, APPLICATION, XMIN = 22, 12, 20, 9


def queries_title(scene: Scene) -> str:
    """'oldest 4m02s · 3 active, 1 idle in tx of 40'; and what is left out of the list."""
    sample = scene.snapshot.samples.queries.sample
    if sample is None:
        return ""
    oldest = f"oldest {figure(sample.oldest_transaction, amounts.age)}" if sample.oldest_transaction else "none long"
    chosen = str(scene.listing)
    return f"{oldest} · {counts(sample)}" + (f" · {one_line(chosen)}" if chosen else "")


def counts(sample: QueriesSample) -> str:
    """How many sessions there are in each state; while some are hidden, nobody knows."""
    hidden = f", {sample.hidden_sessions} hidden (grant pg_monitor)" if sample.hidden_sessions else ""
    active = "?" if isinstance(sample.active_sessions, Unseen) else sample.active_sessions
    idle = sample.idle_in_transaction
    in_transaction = "" if isinstance(idle, Unseen) or not idle else f", {idle} idle in tx"
    return f"{active} active{in_transaction} of {sample.total_sessions}{hidden}"


def queries_rows(scene: Scene) -> list[Row]:
    """Age leftmost, because it ticks; then state, who, what it waits for, its query. Keys are backends."""
    return pane_rows(scene, scene.snapshot.samples.queries, _rows)


def _rows(scene: Scene, sample: QueriesSample) -> list[Row]:
    if not sample.backends:
        nothing = " Nothing that this role may see runs long." if sample.hidden_sessions else " Nothing runs long."
        return [row(Span(nothing, Look.WARN if sample.hidden_sessions else Look.QUIET))]
    listed = scene.listing.of(sample.backends)
    left_out = len(sample.backends) - len(listed)
    rows = [_backend(scene, backend) for backend in listed]
    if left_out:
        text = (
            f" {counted(left_out, 'session')} left out: {one_line(str(scene.listing))} (o and d turn it, Esc ends it)"
        )
        rows.append(row(Span(text, Look.WARN)))
    return rows


def _backend(scene: Scene, backend: Backend) -> Row:
    state = (backend.state or ("hidden" if backend.hidden else "")).replace("idle in transaction", "idle in tx")
    waits = (
        f"{backend.wait_event_type}:{backend.wait_event} " if backend.wait_event and backend.state == "active" else ""
    )
    workers = f"+{counted(backend.workers, 'worker')} " if backend.workers else ""
    look = Look.WARN if state.startswith("idle in tx") else Look.PLAIN
    return row(
        Span(f" {pad_left(_how_old(backend), 7)} ", Look.QUIET),
        Span(f"{backend.key.pid} "),
        Span(f"{pad(state, 10)} ", look),
        *_who(scene, backend),
        no_way_to_end(scene, backend),
        " ",
        Span(workers),
        Span(f"{one_line(waits)} " if waits else "", Look.WARN),
        Span(one_line(backend.query), Look.QUIET),
        key=backend.key,
    )


def _who(scene: Scene, backend: Backend) -> list[Span]:
    """The application, and as far as there is room its user and client, database, and how old its snapshot is."""
    application = who(backend).removesuffix(" idle in tx")
    if scene.width < ROOM_FOR_USER:
        return [Span(application, Look.STRONG)]
    address = f"@{backend.client_address}" if backend.client_address is not None else ""
    spans = [
        Span(f"{pad(application, APPLICATION)} ", Look.STRONG),
        Span(f"{pad(one_line(f'{backend.user or backend.backend_type}{address}'), USER)} "),
    ]
    if scene.width >= ROOM_FOR_DATABASE:
        spans.append(Span(f"{pad(one_line(backend.database or '-'), DATABASE)} "))
    if scene.width >= ROOM_FOR_XMIN:
        xmin = "" if backend.xmin_age is None else f"xmin {backend.xmin_age}"
        spans.append(Span(f"{pad(xmin, XMIN)} ", Look.QUIET))
    return spans


def _how_old(backend: Backend) -> str:
    """'?' where this role may not see it: nothing would read as no age at all."""
    age = backend.transaction_age or backend.query_age
    return figure(age, amounts.age, none="?" if backend.hidden else "")
