"""A safer way that takes several steps: those before and after the author's own, which keeps its place. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from zdtui.hazards.context import Context
from zdtui.hazards.hazard import PlannedStep, Safer
from zdtui.plan.yaml_text import scalar

LONGEST_NAME = 63
"""Bytes of an identifier."""
LONGEST_BEGINNING = 44
"""Characters of the author's step id that the id of a step beside it begins with."""


@dataclass(frozen=True, slots=True)
class Beside:
    """A step of one statement, put before or after the author's own."""

    suffix: str
    """Of its id, after the id of the author's step."""
    title: str
    sql: str
    rollback: str = ""
    """SQL; empty where nothing has to be undone."""
    because: str = ""
    """Why nothing has to be undone."""


def in_steps(
    context: Context,
    sentence: str,
    *,
    before: Sequence[Beside] = (),
    instead: str = "",
    after: Sequence[Beside] = (),
    fixable: bool = True,
) -> Safer:
    """The statements in order; in a plan also the steps they are put in.

    `instead` is what the author's statement becomes, by default it stays. What comes before is only written by --fix
    when the author's step is that one statement: else something of it might have to come before that.
    """
    own = instead or context.statement.text
    sql = "\n".join(f"{each};" for each in (*(step.sql for step in before), own, *(step.sql for step in after)))
    if context.step is None or not context.forward:
        return Safer(sentence=sentence, sql=sql)
    steps = (
        *(_planned(context, each) for each in before),
        PlannedStep(id=context.step.id, title=context.step.title, phase=context.step.phase, yaml=_block(own), own=True),
        *(_planned(context, each) for each in after),
    )
    possible = fixable and (context.alone or not before)
    return Safer(sentence=sentence, sql=sql, steps=steps, instead=instead, fixable=possible)


def name_of(*parts: str) -> str:
    """A name made of these, its beginning cut so that it is one of at most 63 bytes; not quoted."""
    *beginning, last = parts
    end = f"_{last}".encode(errors="replace")[:LONGEST_NAME]
    start = "_".join(beginning).encode(errors="replace")[: LONGEST_NAME - len(end)]
    return f"{start.decode(errors='ignore')}{end.decode(errors='ignore')}"


def _planned(context: Context, beside: Beside) -> PlannedStep:
    assert context.step is not None
    undo = (
        f"rollback: |\n{_indented(beside.rollback)};"
        if beside.rollback
        else f"rollback:\n  none: {scalar(beside.because)}"
    )
    return PlannedStep(
        id=f"{context.step.id[:LONGEST_BEGINNING].rstrip('-')}-{beside.suffix}",
        title=beside.title,
        phase=context.step.phase,
        yaml=f"{_block(beside.sql)}\n{undo}",
    )


def _block(sql: str) -> str:
    return f"sql: |\n{_indented(sql)};"


def _indented(sql: str) -> str:
    return "\n".join(f"  {line}" if line.strip() else "" for line in sql.split("\n"))


def step_lines(step: PlannedStep, indent: str = "") -> Iterator[str]:
    """The step as it is written in a plan."""
    yield f"{indent}- id: {step.id}"
    yield f"{indent}  title: {scalar(step.title)}"
    yield f"{indent}  phase: {step.phase}"
    yield from (f"{indent}  {line}".rstrip() for line in step.yaml.split("\n"))
