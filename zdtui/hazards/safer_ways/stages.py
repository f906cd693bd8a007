"""A safer way with a deploy or a wait in it: steps of a plan, never statements to be run in a row. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass

from zdtui.hazards.context import Context
from zdtui.hazards.hazard import PlannedStep, Safer
from zdtui.hazards.planned import LONGEST_BEGINNING
from zdtui.plan.model import Phase
from zdtui.plan.yaml_text import quoted, scalar

SOAK = "24h"


@dataclass(frozen=True, slots=True)
class Stage:
    """One step of it."""

    suffix: str
    """Of its id, after the id of the author's step."""
    title: str
    phase: Phase
    yaml: str


def statements(
    suffix: str,
    title: str,
    phase: Phase,
    *sql: str,
    rollback: tuple[str, ...] = (),
    because: str = "",
    irreversible: str = "",
) -> Stage:
    """Statements of one transaction, and how they are undone: by statements, not at all, or never more."""
    if rollback:
        undo = f"rollback: |\n{_indented(rollback)}"
    else:
        undo = f"rollback:\n  {f'irreversible: {scalar(irreversible)}' if irreversible else f'none: {scalar(because)}'}"
    return Stage(suffix, title, phase, f"sql: |\n{_indented(sql)}\n{undo}")


def fill(suffix: str, title: str, table: str, column: str, expression: str, where: str) -> Stage:
    """Rows that are there already, in batches."""
    lines = (
        "backfill:",
        f"  table: {scalar(table)}",
        f"  set: {{{scalar(column)}: {_in_braces(expression)}}}",
        f"  where: {scalar(where)}",
        "rollback:",
        "  none: the column goes with the rollback of the step that adds it",
    )
    return Stage(suffix, title, Phase.BACKFILL, "\n".join(lines))


def deploy(suffix: str, title: str, phase: Phase, told: str) -> Stage:
    """What a person does to the application before it goes on."""
    because = "the release before it still works"
    return Stage(suffix, title, phase, f"manual: {scalar(told)}\nrollback:\n  none: {because}")


def soak() -> Stage:
    """Time in which the release that uses the new may show what is wrong with it."""
    return Stage("soak", "Let it run", Phase.SWITCH, f"wait: {SOAK}\nrollback:\n  none: only time passed")


def gone(suffix: str, title: str, *sql: str, why: str) -> Stage:
    """What is taken away for good."""
    return statements(suffix, title, Phase.CONTRACT, *sql, irreversible=why)


def in_stages(context: Context, sentence: str, *stages: Stage) -> Safer:
    """The stages as steps of a plan. --fix does not write them: they ask for deploys, and for names and values."""
    beginning = "" if context.step is None else f"{context.step.id[:LONGEST_BEGINNING].rstrip('-')}-"
    steps = tuple(
        PlannedStep(id=f"{beginning}{each.suffix}", title=each.title, phase=each.phase, yaml=each.yaml)
        for each in stages
    )
    return Safer(sentence=sentence, steps=steps)


def _in_braces(expression: str) -> str:
    """Within { } a comma, a colon or a bracket ends a plain text."""
    return quoted(expression) if set(expression) & set(",:[]{}") else scalar(expression)


def _indented(sql: tuple[str, ...]) -> str:
    return "\n".join(_lines(sql))


def _lines(sql: tuple[str, ...]) -> Iterator[str]:
    for each in sql:
        yield from (f"  {line}" if line.strip() else "" for line in f"{each};".split("\n"))
