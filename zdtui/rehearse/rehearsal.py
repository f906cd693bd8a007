"""A whole rehearsal: the place for it, every move, what is left behind, and the evidence that comes of it."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Protocol

import psycopg

from zdtui import __version__
from zdtui.counted import counted
from zdtui.demo.dumper import find_dumper
from zdtui.errors import TargetError
from zdtui.evidence.model import Evidence
from zdtui.fingerprint.dumper import Dumper
from zdtui.plan.model import Plan, Step
from zdtui.postgres.target.target import Target
from zdtui.rehearse.copy import CopyError, copy_of
from zdtui.rehearse.going import Going, Gone, Kept
from zdtui.rehearse.impatient import impatient, stood_in_for
from zdtui.rehearse.leftover import FORGET, clean_up, forget
from zdtui.rehearse.load.beside import load_beside
from zdtui.rehearse.load.load import Load
from zdtui.rehearse.passes import Course, Move, course
from zdtui.rehearse.permission import Asked, Permission, Surroundings, permitted
from zdtui.rehearse.relations import tables_there
from zdtui.rehearse.stage import Stage, on_stage
from zdtui.rehearse.surroundings import surroundings
from zdtui.run.engine.surface import EngineSurface


class Onlooker(Protocol):
    """Who is shown a rehearsal, and is asked what only a person can do."""

    def says(self, sentence: str) -> None:
        """Something that is to be known now."""
        ...

    def begins(self, number: int, total: int, move: Move) -> None:
        """A move begins."""
        ...

    def gone(self, gone: Gone, total: int) -> None:
        """A move is over."""
        ...

    def shown(self, engine: EngineSurface) -> bool:
        """Given each engine before it starts; whether a person sees it in a console and can confirm there."""
        ...

    async def by_hand(self, step: Step) -> str | None:
        """What a person has done; None: they confirm it in the console."""
        ...


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the operator asked for."""

    called: str
    """What the target is called in the evidence: no address, no user."""
    asked: Asked = field(default_factory=Asked)
    scratch: bool = False
    rows: int | None = None
    """Made up for each table of a scratch server, at most."""
    load: str | None = None
    """'auto', or the path of a script for pgbench."""
    last_steps: bool = True
    """Also what cannot be taken back, in a copy."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where it is rehearsed."""

    permission: Permission
    target: Target
    dumper: Dumper
    version: str
    notes: tuple[str, ...] = ()


async def rehearse(plan: Plan, target: Target, wishes: Wishes, onlooker: Onlooker) -> Evidence:
    """Go through the plan and tell what came of it; a plan that fails is evidence too.

    Raises RehearsalRefusedError before anything is done, TargetError, EmbeddedServerError, RehearsalBrokenError.
    """
    begun, kept = datetime.now(UTC), Kept(plan)
    async with _place(plan, target, wishes, onlooker) as place:
        for sentence in place.notes:
            kept.note(sentence)
        load = await _gone_through(place, plan, wishes, onlooker, kept)
    return Evidence(
        zdtui=__version__,
        plan_name=plan.name,
        plan_digest=plan.digest,
        rehearsed_at=begun,
        target=wishes.called,
        scratch=wishes.scratch,
        made_up_rows=wishes.rows if wishes.scratch else None,
        server_version=place.version,
        load=load,
        notes=tuple(kept.notes),
        steps=tuple(kept.steps[step.id].evidence() for step in plan.steps),
        whole=kept.whole.evidence(),
    )


@asynccontextmanager
async def _place(plan: Plan, target: Target, wishes: Wishes, onlooker: Onlooker) -> AsyncIterator[Place]:
    from zdtui.trace.run import look_at

    origin = await look_at(target)
    if wishes.scratch:
        async with _scratch(plan, target, wishes, onlooker) as place:
            yield place
        return
    permission = permitted(plan, await surroundings(target), wishes.asked)
    yield Place(permission, target, find_dumper(origin.major), origin.version)


@asynccontextmanager
async def _scratch(plan: Plan, target: Target, wishes: Wishes, onlooker: Onlooker) -> AsyncIterator[Place]:
    from zdtui.rehearse.rows.fill import fill
    from zdtui.trace.dump import dump_schema
    from zdtui.trace.run import look_at
    from zdtui.trace.scratch import DATABASE, scratch_major, scratch_server

    origin = await look_at(target)
    onlooker.says(f"a scratch server is made with the schema of {origin.where}")
    schema = await dump_schema(target, find_dumper(origin.major), origin.encoding)
    major = scratch_major(origin.major)
    with scratch_server(major, schema, origin.roles, origin.encoding) as scratch:
        there = Target(scratch.dsn)
        notes = [f"not copied: {each}" for each in scratch.complaints]
        if wishes.rows is not None:
            onlooker.says("rows are made up from the planner's statistics")
            notes += await fill(target, there, wishes.rows)
        permission = permitted(plan, Surroundings(DATABASE, is_ours=True), wishes.asked)
        found = await look_at(there)
        yield Place(permission, there, find_dumper(major), found.version, tuple(notes))


async def _gone_through(place: Place, plan: Plan, wishes: Wishes, onlooker: Onlooker, kept: Kept) -> str:
    """All moves, and the database as it was found. What worked beside it, in words."""
    way = course(plan, last_steps=wishes.last_steps)
    for step in plan.steps if not wishes.last_steps else ():
        if all(move.step != step.id for move in way.here):
            kept.steps[step.id].not_run = "it was left out, because it cannot be taken back"
    rehearsed = impatient(plan, alone=place.permission.at.is_ours)
    for name in stood_in_for(plan):
        kept.note(f"{name}: only the time was waited, and not all of it; what else it asks, it asks in the run alone")
    for sentence in await clean_up(place.permission, plan, place.target, onlooker.shown):
        onlooker.says(sentence)
        kept.note(sentence)
    tables = () if wishes.load is None else await tables_there(place.target, plan.steps)
    async with load_beside(wishes.load, place.target, tables) as load:
        async with _stage(place.permission, rehearsed, place.target, onlooker, kept) as stage:
            going = _going(place, stage, kept, onlooker, load, len(way))
            try:
                if await going.go(way.here) and way.copy:
                    await _in_a_copy(place, rehearsed, way, kept, onlooker, going)
            except (psycopg.Error, TargetError) as error:
                onlooker.says(f"it was broken off: {error}")
                kept.broken_off(f"it was broken off: {type(error).__name__}")
            left = not await _put_back(stage, kept, onlooker, wishes)
        told = load.told
    kept.fill_stalls(load.worst_stall)
    if not wishes.scratch and not left:
        await forget(place.target)
    return told


def _going(place: Place, stage: Stage, kept: Kept, onlooker: Onlooker, load: Load, total: int) -> Going:
    return Going(
        target=place.target,
        operator=stage.operator,
        measuring=stage.measuring,
        dumper=place.dumper,
        kept=kept,
        begins=lambda number, move: onlooker.begins(number, total, move),
        report=lambda gone: onlooker.gone(gone, total),
        stalls=load.worst_stall,
        sums_rows=not load.changes_rows,
    )


def _stage(
    permission: Permission, plan: Plan, target: Target, onlooker: Onlooker, kept: Kept
) -> AbstractAsyncContextManager[Stage]:
    return on_stage(permission, plan, target, onlooker.by_hand, onlooker.shown, kept.note)


async def _in_a_copy(place: Place, rehearsed: Plan, way: Course, kept: Kept, onlooker: Onlooker, here: Going) -> None:
    """What cannot be taken back, where nothing is lost by it."""
    last = [rehearsed.step(step) for step in dict.fromkeys(move.step for move in way.copy)]
    tables = await tables_there(place.target, last)
    onlooker.says(f"a copy is made of what {counted(len(last), 'last step')} may destroy")
    try:
        async with copy_of(place.target, place.dumper, tables) as (copy, notes):
            for sentence in notes:
                kept.note(sentence)
            async with _stage(place.permission, rehearsed, copy, onlooker, kept) as stage:
                there = replace(here, target=copy, operator=stage.operator, measuring=stage.measuring)
                await replace(there, stalls=None, sums_rows=True).go(way.copy)
    except CopyError as error:
        onlooker.says(str(error))
        for step in last:
            kept.steps[step.id].not_run = str(error)
    finally:
        onlooker.shown(here.operator.engine)


async def _put_back(stage: Stage, kept: Kept, onlooker: Onlooker, wishes: Wishes) -> bool:
    """The database as it was found; False, and what is still in place, where that is not to be had."""
    if wishes.scratch:
        return True
    onlooker.says("the database is put back as it was found")
    ended = await stage.operator.take_all_back()
    if ended.done:
        return True
    steps = ", ".join(step for step, state in stage.operator.now.run.steps.items() if state.applied)
    kept.note(
        f"the database could not be put back as it was found: {steps} still in place; its journal of the rehearsal says"
        f" how. Restore it, then: {FORGET}"
    )
    onlooker.says(f"the database could not be put back: {ended.why}. Still in place: {steps}")
    return False
