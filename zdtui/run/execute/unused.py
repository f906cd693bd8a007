"""An `unused` step: the counters are read at its beginning and again after its time, and what was called is read."""

import asyncio
import contextlib
import importlib
from datetime import UTC, datetime

from zdtui.plan.model import UnusedAction
from zdtui.run.execute.soak import soak_until
from zdtui.run.execute.work import Work
from zdtui.run.model import events as e
from zdtui.run.model.activity import Doing
from zdtui.run.model.outcome import Done, Held, Outcome
from zdtui.run.model.usage_events import UseSeen
from zdtui.usage.ask import Look, look_at
from zdtui.usage.counters import Baseline, Key, baseline, between, not_counted
from zdtui.usage.find import reader_of, usage_of
from zdtui.usage.of_plan import handled_by
from zdtui.usage.told import call, cut, dependent, heading
from zdtui.usage.usage import StatementUse, Subject, Usage, Verdict
from zdtui.usage.without_literals import without_literals

# The reader comes with the server's grammar, where that is installed; nothing of it is read from there later.
with contextlib.suppress(ImportError, OSError):
    importlib.import_module("zdtui.usage.spread")

KEPT = 20
"""Statements of each kind, and dependents, that the journal holds of one proof."""
LONGEST = 300
"""Characters of each."""
BEFORE, AFTER = "the counters of statements, before the time", "the counters of statements, after the time"


async def perform_unused(work: Work, action: UnusedAction) -> Outcome:
    """Done when nothing used it, which the step's success then says; else held with what did."""
    if work.state.usage is None and (why_not := await _begin(work, action)) is not None:
        return why_not
    began = work.state.started_at or datetime.now(UTC)
    if (ended := await soak_until(work, began + action.duration)) is not None:
        return ended
    usage = await _end(work, action)
    await work.recorder.before(_found(work, usage))
    if usage.verdict is not Verdict.UNUSED:
        return Held(e.HoldKind.USAGE, _why(usage))
    work.remarks[0] = "; ".join((heading(usage), *usage.notes))
    return Done()


async def _look(work: Work, action: UnusedAction, what: str) -> Look:
    work.sending(what, 0, 1)
    work.show(Doing.VERIFYING)
    look = await look_at(work.connection, [Subject(*action.subject)])
    work.answered()
    return look


async def _begin(work: Work, action: UnusedAction) -> Outcome | None:
    """The first look. What will not be known at the end either is said now, and not after a day."""
    look = await _look(work, action, BEFORE)
    if blind := tuple(not_counted(look.standing)):
        return Held(e.HoldKind.USAGE, "; ".join(blind))
    using = await asyncio.to_thread(_using, work, look)
    first = baseline(look.standing, look.counters, using)
    await work.recorder.before(
        e.UsageCounted(
            step=work.step.id,
            subject=str(look.subject),
            at=first.at,
            server_started=first.started,
            counted_since=first.reset,
            dropped=first.dropped,
            calls=first.calls,
        )
    )
    return None


def _using(work: Work, look: Look) -> frozenset[Key]:
    read, _ = reader_of(look.catalog, look.subject, handled_by(work.plan))
    return frozenset(each.key for each in look.counters if each.text is None or any(read(each.text)))


async def _end(work: Work, action: UnusedAction) -> Usage:
    before = work.state.usage
    assert before is not None
    look = await _look(work, action, AFTER)
    first = Baseline(
        at=before.at,
        started=before.server_started,
        reset=before.counted_since,
        dropped=before.dropped,
        calls=before.calls,
    )
    called, not_seen = between(first, look.standing, look.counters)
    left_out = f"statements of {', '.join(action.except_roles)} are left out, as the plan says"
    return await asyncio.to_thread(
        usage_of,
        look.catalog,
        [each for each in called if each.role not in action.except_roles],
        look.subject,
        since=first.at,
        not_seen=not_seen,
        notes=(*look.notes, *((left_out,) if action.except_roles else ())),
        handled=handled_by(work.plan),
    )


def _found(work: Work, usage: Usage) -> e.UsageFound:
    """What the journal keeps: the first of each, without constants."""
    gone = [dependent(each) for each in usage.dependents if each not in usage.in_the_way]
    return e.UsageFound(
        step=work.step.id,
        subject=str(usage.subject),
        verdict=str(usage.verdict),
        since=usage.since,
        heading=heading(usage),
        statements=tuple(map(_seen, usage.statements[:KEPT])),
        statement_count=len(usage.statements),
        unread=tuple(map(_seen, usage.unread[:KEPT])),
        unread_count=len(usage.unread),
        in_the_way=tuple(dependent(each) for each in usage.in_the_way[:KEPT]),
        goes_with_it=tuple(gone[:KEPT]),
        not_seen=usage.not_seen,
        notes=usage.notes,
    )


def _seen(use: StatementUse) -> UseSeen:
    return UseSeen(role=use.role, calls=use.calls, why=use.why, text=cut(without_literals(use.text), LONGEST))


def _why(usage: Usage) -> str:
    """One sentence: the whole, the first of each, and why calls may be missing."""
    first = usage.statements[:1] or usage.unread[:1]
    parts = [heading(usage), *(f"{call(each)}: {cut(without_literals(each.text), 80)}" for each in first)]
    parts += [dependent(each) for each in usage.in_the_way[:1]]
    return "; ".join((*parts, *usage.not_seen))
