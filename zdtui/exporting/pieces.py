"""A plan's steps as migrations, before any tool's way of writing them: one a step, more where a tool has to. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest
from typing import assert_never

from zdtui.errors import PlanError
from zdtui.plan.model import Irreversible, NoRollback, Plan, Sql, SqlRollback, Step
from zdtui.quantities import format_duration
from zdtui.sql.split import split
from zdtui.steps.execution import AtOnce, Batches, ByHand, Soak, Statements


class ExportingError(PlanError):
    """A plan that a tool's files cannot hold, in one sentence."""


@dataclass(frozen=True, slots=True)
class Side:
    """What is sent in one direction, and what is said of it."""

    sql: str = ""
    """Statements; empty: none."""
    together: bool = True
    """In one transaction."""
    said: str = ""
    """For a comment before them."""
    possible: bool = True
    """False: there is no way back."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One migration."""

    name: str
    """The step's id, with a number where the step is more than one migration."""
    title: str
    forward: Side
    back: Side


def pieces(plan: Plan, *, one_by_one: bool) -> tuple[Piece, ...]:
    """The migrations of a plan, in order.

    `one_by_one`: the tool sends the statements of a migration one by one, so that several outside a transaction can be
    in one; else each of them is a migration of its own, because a text of several is one transaction for the server.
    """
    return tuple(piece for step in plan.steps for piece in _of_step(step, one_by_one))


def _of_step(step: Step, one_by_one: bool) -> Iterator[Piece]:
    forward, back = _forward(step, one_by_one), _back(step, one_by_one)
    total = max(len(forward), len(back))
    pairs = zip_longest(forward, reversed([*back, *[Side()] * (total - len(back))]), fillvalue=Side())
    for number, (there, again) in enumerate(pairs, start=1):
        name = step.id if number == 1 else f"{step.id}-{number}"
        title = step.title if total == 1 else f"{step.title} ({number} of {total})"
        yield Piece(name, title, there, again)


def _forward(step: Step, one_by_one: bool) -> list[Side]:
    match step.action.execution:
        case Statements(text=text):
            return _sides(text, step.notes, one_by_one, _proofs(step))
        case Batches():
            how = "Not done by this file: a backfill works in batches, with `zdtui run`. The statement of one batch:"
        case AtOnce():
            how = "Not asked by this file. Ask it, and go on only where it is true:"
        case ByHand():
            how = "Not done by this file. By hand:"
        case Soak(duration=duration):
            return [
                Side(said=f"Not waited for by this file: let {format_duration(duration)} pass before the next one.")
            ]
        case _ as never:
            assert_never(never)
    return [Side(said="\n".join([how, step.action.confirm_text().strip(), *_proofs(step)]))]


def _proofs(step: Step) -> list[str]:
    return [f"Afterwards this must be true: {' '.join(query.split())}" for query in step.verify]


def _back(step: Step, one_by_one: bool) -> list[Side]:
    match step.rollback:
        case SqlRollback() as text:
            return _sides(text, "", one_by_one, [])
        case NoRollback(reason=reason):
            return [Side(said=f"Nothing to undo: {reason}")]
        case Irreversible(consequence=consequence):
            return [Side(said=f"It cannot be undone: {consequence}", possible=False)]
        case _ as never:
            assert_never(never)


def _sides(text: Sql, said: str, one_by_one: bool, proofs: list[str]) -> list[Side]:
    told = "\n".join([*([said] if said else []), *proofs])
    ended = _ended(text.sql)
    if text.runs_together:
        return [Side(ended, said=told)]
    if one_by_one:
        return [Side(ended, together=False, said=told)]
    statements = text.statements
    starts = [0, *(each.offset + len(each.text) for each in statements[:-1])]
    ends = [*starts[1:], len(ended)]
    cut = [ended[start:end].lstrip("; \t\n").rstrip() for start, end in zip(starts, ends, strict=True)]
    return [
        Side(f"{each.removesuffix(';')};\n", together=False, said=told if number == 0 else "")
        for number, each in enumerate(cut)
    ]


def _ended(sql: str) -> str:
    """With a semicolon after its last statement, and the end of a line."""
    text = f"{sql.rstrip()}\n"
    statements = split(text)
    if not statements or len(split(f"{text}SELECT 1")) > len(statements):
        return text
    end = statements[-1].offset + len(statements[-1].text)
    return f"{text[:end]};{text[end:]}"
