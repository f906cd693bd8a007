"""One database gone through: each move is confirmed, watched, and where it makes sense compared with what was there."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import assert_never

from zdtui.errors import TargetError
from zdtui.evidence.model import Leg, Way
from zdtui.fingerprint.compare import compare
from zdtui.fingerprint.dumper import Dumper
from zdtui.fingerprint.fingerprint import Fingerprint
from zdtui.fingerprint.quick import quick_hash
from zdtui.fingerprint.take import take
from zdtui.fingerprint.verdict import Verdict
from zdtui.plan.model import Plan, Step, StepId
from zdtui.postgres.target.target import Target
from zdtui.rehearse.measuring import Before, Measured, Measuring
from zdtui.rehearse.operator import Ended, Operator
from zdtui.rehearse.passes import Move, Pass
from zdtui.rehearse.record import Stalls, StepRecord, Told, WholeRecord, Window, error_name, told_of_move, with_stalls
from zdtui.rehearse.relations import TABLES, relations_touched
from zdtui.run.model.state import StepState, StepStatus
from zdtui.sql.text.name import Name

MOST_SUMMED = 1024**3
"""Bytes of rows that are summed for one step: what is larger is not read three times over."""


Look = Fingerprint | str
"""What was seen of the database, or why nothing was."""


@dataclass(frozen=True, slots=True)
class Gone:
    """One move, for whoever is shown the progress."""

    number: int
    move: Move
    leg: Leg
    why: str = ""
    """What the server or zdtui said, where it did not end well. It may hold a row, and goes to the terminal alone."""
    verdict: Verdict | None = None


@dataclass
class Kept:
    """All that is known of the rehearsal so far."""

    plan: Plan
    steps: dict[StepId, StepRecord] = field(default_factory=dict)
    whole: WholeRecord = field(default_factory=WholeRecord)
    notes: list[str] = field(default_factory=list)
    moves: int = 0

    def __post_init__(self) -> None:
        self.steps = {step.id: StepRecord(step) for step in self.plan.steps}

    def fill_stalls(self, stalls: Stalls) -> None:
        """What the load waited, now that all of it is known."""
        for record in self.steps.values():
            record.legs = with_stalls(record.legs, record.windows, stalls)
        self.whole.legs = with_stalls(self.whole.legs, self.whole.windows, stalls)

    def broken_off(self, why: str) -> None:
        """Nothing more was gone: what is not over fails."""
        self.note(why)
        self.whole.failed = self.whole.failed or why
        for record in self.steps.values():
            record.not_run = record.not_run or why

    def note(self, sentence: str) -> None:
        """Something else that is to be known, once."""
        if sentence not in self.notes:
            self.notes.append(sentence)


@dataclass
class WholeLooks:
    """What the whole plan is held against."""

    start: Look
    way: Way | None = None
    """In which it is gone now; None: step by step."""
    forward: Look | None = None


@dataclass
class Going:
    """Goes through moves on one database."""

    target: Target
    operator: Operator
    measuring: Measuring
    dumper: Dumper
    kept: Kept
    begins: Callable[[int, Move], None]
    report: Callable[[Gone], None]
    stalls: Stalls | None = None
    """None: no load is beside it."""
    sums_rows: bool = True
    """Nobody else changes rows meanwhile."""
    _prints: dict[StepId, list[Look]] = field(default_factory=dict, init=False)

    async def go(self, moves: Iterable[Move]) -> bool:
        """All of them, one after another; False after the first that did not end well."""
        whole: WholeLooks | None = None
        for move in moves:
            if whole is None:
                whole = WholeLooks(start=await self._look_at_all())
            if move.pass_ is Pass.WHOLE and whole.way is not move.way:
                await self._turn(whole)
                whole.way = move.way
            if not await self._one(move):
                return False
        if whole is not None and whole.way is not None:
            await self._turn(whole)
        return True

    async def _turn(self, whole: "WholeLooks") -> None:
        """All of it is forward for the first time, then back, then forward again."""
        verdicts = self.kept.whole.verdicts
        match whole.way:
            case None:
                whole.forward = await self._look_at_all()
            case Way.BACK:
                verdicts.append(_compared(whole.start, await self._look(like=whole.start)))
            case Way.FORWARD:
                assert whole.forward is not None
                verdicts.append(compared_again(whole.forward, await self._look(like=whole.forward)))
            case _ as never:
                assert_never(never)

    async def _one(self, move: Move) -> bool:
        self.kept.moves += 1
        self.begins(self.kept.moves, move)
        record, step = self.kept.steps[move.step], self.operator.now.plan.step(move.step)
        by_step = move.pass_ in (Pass.STEP, Pass.COPY)
        if by_step and not record.legs:
            await self._look_before(record)
        leg, window, ended = await self._measured(step, move.way)
        into = self.kept.whole if move.pass_ is Pass.WHOLE else record
        into.legs.append(leg)
        into.windows.append(None if self.stalls is None else window)
        verdict = await self._look_after(record) if by_step and ended.done else None
        if not ended.done:
            self._failed(record, move, leg)
        self.report(Gone(self.kept.moves, move, leg, ended.why, verdict))
        return ended.done

    def _failed(self, record: StepRecord, move: Move, leg: Leg) -> None:
        why = f"{move.way} it failed" if not leg.error else f"{move.way} it failed: {leg.error}"
        if move.pass_ is Pass.WHOLE:
            self.kept.whole.failed = f"{move.step}: {why}"
        else:
            record.failed = why

    async def _measured(self, step: Step, way: Way) -> tuple[Leg, Window, Ended]:
        before = await self.measuring.before()
        begun = time.monotonic()
        async with self.measuring.watching():
            ended = await self.operator.go(step, way)
        over = time.monotonic()
        backend = self.operator.now.conductor_backend
        measured = await self.measuring.after(before, None if backend is None else backend.pid)
        stall = None if self.stalls is None else self.stalls(begun, over)
        return self._leg(step, way, ended, measured, over - begun, stall), (begun, over), ended

    def _leg(self, step: Step, way: Way, ended: Ended, measured: Measured, seconds: float, stall: float | None) -> Leg:
        run = self.operator.now.run
        told, state = told_of_move(run.log, step.id, ended.attempt), run.step(step.id)
        took = seconds if told.seconds is None else told.seconds
        return Leg(
            way=way,
            seconds=took,
            tries=told.tries,
            locks=measured.locks(seconds if step.action.batches is not None else took),
            rewrites=measured.rewrites,
            scans=measured.scans,
            rows=state.rows if way is Way.FORWARD else None,
            wal_bytes=measured.wal_bytes,
            temporary_bytes=measured.temporary_bytes,
            size_change=measured.size_change,
            worst_stall=stall,
            lag=measured.lag,
            notices=told.notices,
            verified=_verified(step, way, ended, applied=told.applied),
            error="" if ended.done else _error(told, ended, state),
        )

    async def _look_before(self, record: StepRecord) -> None:
        """Sizes, the catalog, and the fingerprint that its rollback is held against."""
        before: Before = await self.measuring.before()
        touched = relations_touched(record.step, {each.name for each in before.relations.values()})
        record.sizes = before.sizes(touched)
        record.catalog = dict((await quick_hash(self.measuring.figures)).parts)
        tables = self._summed(record.step.id, before, touched)
        self._prints[record.step.id] = [await self._look(tables)]

    def _summed(self, whose: str, before: Before, touched: frozenset[Name]) -> tuple[str, ...]:
        """The tables whose rows are compared as well, as SQL writes them."""
        found = [each for each in before.relations.values() if each.name in touched and each.kind in TABLES]
        if not self.sums_rows:
            self.kept.note("rows were not compared: the load changes them")
            return ()
        if unknown := [each.said for each in found if each.bytes is None]:
            locked = ", ".join(sorted(unknown))
            self.kept.note(f"the rows of {whose} were not compared: the size of {locked} was not seen, it was locked")
            return ()
        if sum(each.bytes or 0 for each in found) > MOST_SUMMED:
            self.kept.note(f"the rows of {whose} were not compared: its tables are larger than 1 GB")
            return ()
        return tuple(each.name.written for each in found)

    async def _look_after(self, record: StepRecord) -> Verdict | None:
        """The look that follows each move; a verdict where it should show what an earlier one showed."""
        seen = self._prints[record.step.id]
        seen.append(await self._look(like=seen[0]))
        if len(seen) <= 2:
            return None
        is_back = len(seen) == 3  # before, forward, back, forward again
        verdict = _compared(seen[0], seen[2]) if is_back else compared_again(seen[1], seen[3])
        record.verdicts.append(verdict)
        return verdict

    async def _look(self, tables: tuple[str, ...] = (), like: Look | None = None) -> Look:
        """Look at the database; why not, where somebody has a table locked."""
        try:
            same = like if isinstance(like, Fingerprint) else None
            return await take(self.target, self.dumper, tables=tables, like=same)
        except TargetError as error:
            return str(error)

    async def _look_at_all(self) -> Look:
        """The whole database, with the rows of every table of the plan that is there now."""
        before = await self.measuring.before()
        there = {each.name for each in before.relations.values()}
        touched = frozenset[Name]().union(*(relations_touched(step, there) for step in self.kept.plan.steps))
        return await self._look(self._summed("the plan", before, touched))


def compared_again(first: Look, again: Look) -> Verdict:
    """Whether going forward after a rollback comes to the same schema.

    Rows that a step makes may hold what is new each time, the hour or the next number: they are not compared.
    """
    return _compared(_without_rows(first), _without_rows(again))


def _without_rows(look: Look) -> Look:
    return replace(look, data={}, positions={}) if isinstance(look, Fingerprint) else look


def _compared(before: Look, after: Look) -> Verdict:
    if isinstance(before, Fingerprint) and isinstance(after, Fingerprint):
        return compare(before, after)
    return Verdict.unknown(before if isinstance(before, str) else str(after))


def _verified(step: Step, way: Way, ended: Ended, *, applied: bool) -> bool | None:
    if way is Way.BACK or not step.verify:
        return None
    return True if ended.done else False if applied else None


def _error(told: Told, ended: Ended, state: StepState) -> str:
    """Why it did not end well, without a word of the server's, which may hold a row."""
    if told.sqlstate:
        return error_name(told.sqlstate)
    if ended.refused:
        return "it was refused before it began"
    if state.status is StepStatus.FAILED and told.applied:
        return "verify was not true"
    return f"it was held: {state.hold}" if state.hold is not None else f"it was left {state.status}"
