"""Events of ours that the journal does not hold yet, and whether they are still true when it was read anew. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import reduce
from uuid import UUID

from zdtui.run.model.events import Event, Recorded
from zdtui.run.model.state import RunState, apply


@dataclass(frozen=True, slots=True, eq=False)
class Unwritten:
    """Something that happened here. It gets its number when it is written."""

    at: datetime
    operator: str
    event: Event

    def recorded(self, run: UUID, sequence: int) -> Recorded:
        """With its place."""
        return Recorded(run=run, sequence=sequence, at=self.at, operator=self.operator, event=self.event)


@dataclass(frozen=True, slots=True)
class Reconciled:
    """What became of them."""

    keep: tuple[Unwritten, ...]
    """To be written: still true."""
    written: tuple[Unwritten, ...]
    """In the journal already; the answer was lost on the way."""
    dropped: tuple[Unwritten, ...]
    """Not true any more: another console moved the step, or the run, on."""
    others: tuple[Recorded, ...]
    """What other consoles wrote since we last read it."""


def reconcile(
    before: RunState,
    seen: Iterable[int],
    held: Sequence[Recorded],
    unwritten: Iterable[Unwritten],
    there: RunState | None = None,
) -> Reconciled:
    """`before`: the fold of what we saw in the journal, of the numbers `seen`; `held`: what it holds now, all of it.

    `there`: the fold of `held`, where it is known.

    An event that changes nothing in the fold (a note, a notice) is history and stays true. One about a step is true
    as long as the step stands where it stood; one about the run, as long as nobody else wrote.
    """
    known, unwritten = set(seen), list(unwritten)
    new = [recorded for recorded in held if recorded.sequence not in known]
    written, matched = _written(new, unwritten)
    others = tuple(recorded for recorded in new if recorded.sequence not in matched)
    expected = reduce(apply, [recorded for recorded in new if recorded.sequence in matched], before)
    now = there = reduce(apply, held, RunState()) if there is None else there
    keep: list[Unwritten] = []
    dropped: list[Unwritten] = []
    for each in unwritten:
        if any(each is one for one in written):
            continue
        step = getattr(each.event, "step", None)
        after = apply(now, each.recorded(now.run or UUID(int=0), now.sequence + 1))
        stands = expected.step(step) == there.step(step) if step is not None else not others
        if stands or _same(now, after):
            keep.append(each)
            now = after
        else:
            dropped.append(each)
    return Reconciled(tuple(keep), tuple(written), tuple(dropped), others)


def _written(new: Sequence[Recorded], unwritten: Sequence[Unwritten]) -> tuple[list[Unwritten], set[int]]:
    """Those of ours that are among the new ones, and the numbers they have there."""
    free = list(new)
    written: list[Unwritten] = []
    matched: set[int] = set()
    for each in unwritten:
        for recorded in free:
            if (recorded.at, recorded.operator, recorded.event) == (each.at, each.operator, each.event):
                free.remove(recorded)
                written.append(each)
                matched.add(recorded.sequence)
                break
    return written, matched


def _same(before: RunState, after: RunState) -> bool:
    """Whether the two say the same of the run and its steps, whatever was logged and by whom."""
    steps = before.steps.keys() | after.steps.keys()
    told = [
        replace(each, steps={}, log=(), sequence=0, last_at=None, operator="", run=None) for each in (before, after)
    ]
    return told[0] == told[1] and all(before.step(step) == after.step(step) for step in steps)
