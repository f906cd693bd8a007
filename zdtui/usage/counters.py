"""The counters of statements: two looks compared, and every reason why calls may be missing. Pure."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from zdtui.amounts import number
from zdtui.counted import counted
from zdtui.usage.usage import Called

HIDDEN = "<insufficient privilege>"
MOST_KEPT = 500
"""Counters of statements that use the subject, kept from a first look; of those beyond, all calls ever count."""
WITNESSES = 20
"""The most called statements, whatever they do: they tell when counters were taken away."""

Key = tuple[int, int | None, bool | None]
"""Of a counter: role, statement, and whether it was called by a session itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How pg_stat_statements stands."""

    schema: str | None
    """Where the extension is; None: it is not in this database."""
    most: str | None = None
    """pg_stat_statements.max; None: the library is not loaded."""
    track: str | None = None
    track_utility: str | None = None
    compute_query_id: str | None = None
    tells_evictions: bool = False
    reads_all: bool = False
    """Our role sees what other roles have sent."""
    role: str = ""
    not_counted: tuple[str, ...] = ()
    """Roles for which it is switched off."""
    standbys: int = 0
    now: datetime
    started: datetime
    """When the server was."""
    reset: datetime | None = None
    """Since when it counts; None: not known."""
    dropped: int | None = None
    """How often it dropped the least used statements since then; None: not known."""

    @property
    def counts(self) -> bool:
        """Whether there is anything to ask."""
        return self.schema is not None and self.most is not None


def standing_of(row: Mapping[str, Any]) -> Standing:
    """From the one row of `zdtui/postgres/usage/standing.sql`."""
    return Standing(
        schema=row["schema"],
        most=row["most"],
        track=row["track"],
        track_utility=row["track_utility"],
        compute_query_id=row["compute_query_id"],
        tells_evictions=bool(row["tells_evictions"]),
        reads_all=row["reads_all"],
        role=row["role"],
        not_counted=tuple(row["not_counted"]),
        standbys=row["standbys"],
        now=row["now"],
        started=row["postmaster_started"],
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Counter:
    """One statement of one role."""

    user_id: int
    role: str
    query_id: int | None
    top_level: bool | None
    calls: int
    text: str | None
    since: datetime | None = None
    """From when on its calls are counted, where the server tells that for each."""

    @property
    def key(self) -> Key:
        """What tells it apart."""
        return self.user_id, self.query_id, self.top_level

    def called(self, calls: int) -> Called:
        """So many calls of it."""
        return Called(
            role=self.role, calls=calls, text=self.text, query_id=self.query_id, top_level=self.top_level is not False
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """What is kept of a first look: numbers, and no text."""

    at: datetime
    started: datetime
    reset: datetime | None
    dropped: int | None
    calls: tuple[tuple[int, int | None, bool | None, int], ...] = ()
    """By role, statement and level: of those that used the subject then, and of the witnesses."""


def baseline(standing: Standing, counters: Collection[Counter], using: Collection[Key]) -> Baseline:
    """What to keep of this look; `using` are those that use the subject or could not be read."""
    often = sorted((each for each in counters if each.query_id is not None), key=lambda each: -each.calls)
    kept = {each.key: each.calls for each in often[:WITNESSES]}
    kept |= {each.key: each.calls for each in [each for each in often if each.key in using][:MOST_KEPT]}
    return Baseline(
        at=standing.now,
        started=standing.started,
        reset=standing.reset,
        dropped=standing.dropped,
        calls=tuple((*key, calls) for key, calls in kept.items()),
    )


def since_reset(standing: Standing, counters: Iterable[Counter]) -> tuple[tuple[Called, ...], tuple[str, ...]]:
    """All calls that are counted, and why others may be missing."""
    said = [*not_counted(standing)]
    if standing.dropped:
        said.append(_dropped(standing, standing.dropped, "since it was reset"))
    return tuple(each.called(each.calls) for each in _shown(counters)), tuple(said)


def between(
    before: Baseline, standing: Standing, counters: Collection[Counter]
) -> tuple[tuple[Called, ...], tuple[str, ...]]:
    """The calls since a first look, and why others may be missing."""
    known = {(user, query, level): calls for user, query, level, calls in before.calls}
    called = []
    for each in _shown(counters):
        earlier = known.get(each.key, 0)
        counted_anew = each.calls < earlier or (each.since is not None and each.since > before.at)
        if more := each.calls if counted_anew else each.calls - earlier:
            called.append(each.called(more))
    return tuple(called), (*not_counted(standing), *_lost(before, standing, counters))


def _shown(counters: Iterable[Counter]) -> Iterator[Counter]:
    return (each for each in counters if each.text != HIDDEN)


def _lost(before: Baseline, standing: Standing, counters: Collection[Counter]) -> Iterator[str]:
    """What happened in between that counters do not survive."""
    if not standing.counts:
        return
    if standing.reset != before.reset:
        when = "" if standing.reset is None else f" at {standing.reset:%Y-%m-%d %H:%M} UTC"
        yield f"pg_stat_statements was reset{when}: what was called before that is lost; wait again"
    elif standing.started != before.started:
        yield (
            f"the server was started anew at {standing.started:%Y-%m-%d %H:%M} UTC, or is another one: whether all"
            " calls were counted is not known; wait again"
        )
    more = None if standing.dropped is None or before.dropped is None else standing.dropped - before.dropped
    if more:
        yield _dropped(standing, more, "meanwhile")
    elif standing.reset == before.reset and (gone := _gone(before, counters)):
        said = counted(gone, "statement was", "statements were")
        yield f"{said} taken out of pg_stat_statements meanwhile, as pg_stat_statements_reset() does; wait again"


def _gone(before: Baseline, counters: Iterable[Counter]) -> int:
    now = {each.key: each for each in counters}
    return sum(
        1
        for user, query, level, calls in before.calls
        if (found := now.get((user, query, level))) is None
        or found.calls < calls
        or (found.since is not None and found.since > before.at)
    )


def _dropped(standing: Standing, times: int, when: str) -> str:
    often = counted(times, "time", shown=number(times))
    return (
        f"pg_stat_statements dropped its least called statements {often} {when}: one that uses it may be among them;"
        f" raise pg_stat_statements.max ({standing.most})"
    )


def not_counted(standing: Standing) -> Iterator[str]:
    """Why calls are not counted at all, or not shown to us, however long one waits."""
    if standing.schema is None:
        yield "the extension pg_stat_statements is not in this database: CREATE EXTENSION pg_stat_statements"
        return
    if standing.most is None:
        yield "pg_stat_statements is not loaded: add it to shared_preload_libraries and restart the server"
        return
    if not standing.tells_evictions:
        yield (
            "this pg_stat_statements does not tell when it was reset and what it dropped:"
            " ALTER EXTENSION pg_stat_statements UPDATE (1.9 of PostgreSQL 14, or later)"
        )
    if standing.track == "none":
        yield "pg_stat_statements.track is none, so nothing is counted: set it to top or all"
    if standing.compute_query_id == "off":
        yield "compute_query_id is off, so nothing is counted: set it to auto"
    if standing.track_utility == "off":
        yield "pg_stat_statements.track_utility is off, so COPY and DO are not counted: set it to on"
    if standing.not_counted:
        yield f"a setting switches the counting off for {', '.join(standing.not_counted)}: RESET it for them"
    if not standing.reads_all:
        yield f"{standing.role} does not see what other roles send: GRANT pg_read_all_stats TO {standing.role}"
