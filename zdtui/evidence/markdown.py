"""The evidence as a page for people: what was done, how long it took, whom it kept waiting, what came back. Pure."""

from collections.abc import Iterator, Sequence

from zdtui.amounts import number, size, took
from zdtui.counted import counted
from zdtui.drawable import drawable_text
from zdtui.evidence.model import Evidence, Leg, RelationSize, StepEvidence, Way, WholeEvidence
from zdtui.evidence.standing import said
from zdtui.evidence.told import LOCKS_NOT_SEEN, lock_words, strongest_words, verdict_words, worst_stall
from zdtui.regular_file import put_in_place
from zdtui.sql.text.secrets import masked

BAR = 40
"""Columns of the longest bar."""
MOST_DIFFERENCES = 50
FENCE = "````"
"""Longer than one that a function's text may hold."""


def report(evidence: Evidence) -> str:
    """The whole page. What cannot be drawn of a text is told by its number, and passwords are struck out."""
    lines = [
        *_head(evidence),
        *_table(evidence),
        *_picture("How long", evidence, [(step, step.seconds()) for step in evidence.steps]),
        *_picture("The application's slowest answer", evidence, [(step, worst_stall(step)) for step in evidence.steps]),
        *_whole(evidence.whole),
        *(line for step in evidence.steps for line in _step(step)),
    ]
    return drawable_text(masked("\n".join(lines))) + "\n"


def write_report(evidence: Evidence, path: str) -> None:
    """Have the file hold the page, whole or as it was. Raises FileError."""
    put_in_place(path, report(evidence))


def _head(evidence: Evidence) -> Iterator[str]:
    yield f"# Rehearsal of {evidence.plan_name}"
    yield ""
    yield f"- when: {evidence.rehearsed_at:%Y-%m-%d %H:%M} UTC, by zdtui {evidence.zdtui}"
    where = "a scratch server with the schema of the target" if evidence.scratch else evidence.target
    most = evidence.made_up_rows
    rows = "" if most is None else f", at most {counted(most, 'row', shown=number(most))} made up for each table"
    yield f"- where: {where}, PostgreSQL {evidence.server_version}{rows}"
    yield f"- load: {evidence.load or 'none'}"
    yield f"- plan: digest `{evidence.plan_digest[:12]}`"
    yield from (f"- {note}" for note in evidence.notes)
    yield ""
    yield "Made by `zdtui rehearse`; the next rehearsal writes it anew. It holds no rows and no secrets."
    yield ""


def _table(evidence: Evidence) -> Iterator[str]:
    yield "| step | outcome | forward | back | strongest lock | slowest answer | rollback |"
    yield "|---|---|---|---|---|---|---|"
    for step in evidence.steps:
        cells = [
            step.step,
            str(step.outcome),
            _took(step.seconds()),
            _took(step.seconds(Way.BACK)),
            strongest_words(step),
            _took(worst_stall(step)),
            verdict_words(step).removeprefix("rollback "),
        ]
        yield f"| {' | '.join(map(_cell, cells))} |"
    yield ""


def _picture(title: str, evidence: Evidence, figures: Sequence[tuple[StepEvidence, float | None]]) -> Iterator[str]:
    """A bar a step, the longest one over the whole width; nothing where nothing was seen."""
    known = [seconds for _, seconds in figures if seconds is not None]
    if not known:
        return
    name, most = max(len(step.step) for step, _ in figures), max(known) or 1.0
    yield f"## {title}"
    yield ""
    yield FENCE
    for step, seconds in figures:
        bar = "" if seconds is None else "█" * max(1, round(BAR * seconds / most))
        told = "not seen" if seconds is None else took(seconds)
        yield f"{step.step:<{name}}  {told:>8}  {bar}".rstrip()
    yield FENCE
    yield ""


def _whole(whole: WholeEvidence | None) -> Iterator[str]:
    if whole is None:
        return
    ways = ", ".join(f"{leg.way} {took(leg.seconds)}" for leg in whole.legs)
    verdict = f"rollback {whole.rollback}"
    yield "## The whole plan"
    yield ""
    yield f"{str(whole.outcome).capitalize()}: {ways}; {verdict}.{f' {whole.why}' if whole.why else ''}"
    yield ""
    yield from _differences(whole.differences)


def _step(step: StepEvidence) -> Iterator[str]:
    yield f"## {step.step}"
    yield ""
    yield f"{str(step.outcome).capitalize()}{f': {step.why}' if step.why else ''}; {verdict_words(step)}."
    if (place := step.place) is not None:
        when = f"{place.rehearsed_at:%Y-%m-%d %H:%M} UTC"
        yield f"By itself, {when}, on {place.said}, PostgreSQL {place.server_version}."
    yield ""
    yield from _differences(step.differences)
    yield from (f"- {_leg(leg)}" for leg in step.legs)
    if step.sizes:
        yield f"- before it: {', '.join(map(_size, step.sizes))}"
    yield ""


def _differences(differences: Sequence[str]) -> Iterator[str]:
    if not differences:
        return
    yield FENCE
    yield from differences[:MOST_DIFFERENCES]
    if len(differences) > MOST_DIFFERENCES:
        yield f"and {len(differences) - MOST_DIFFERENCES} more"
    yield FENCE
    yield ""


def _leg(leg: Leg) -> str:
    parts = [
        f"{leg.way}: {took(leg.seconds)}",
        counted(leg.tries, "try", "tries") if leg.tries > 1 else "",
        LOCKS_NOT_SEEN if leg.locks is None else ", ".join(map(lock_words, leg.locks)),
        f"wrote anew {_names(leg.rewrites)}" if leg.rewrites else "",
        "what it read whole was not seen" if leg.scans is None else "",
        f"read whole {_names(leg.scans)}" if leg.scans else "",
        "" if leg.rows is None else counted(leg.rows, "row", shown=number(leg.rows)),
        "" if leg.wal_bytes is None else f"WAL {size(leg.wal_bytes)}",
        f"temporary files {size(leg.temporary_bytes)}" if leg.temporary_bytes else "",
        f"size {'+' if leg.size_change > 0 else ''}{size(leg.size_change)}" if leg.size_change else "",
        "" if leg.worst_stall is None else f"slowest answer {took(leg.worst_stall)}",
        "" if leg.lag is None else f"replay lag {took(leg.lag)}",
        counted(leg.notices, "notice") if leg.notices else "",
        "" if leg.verified is None else f"verify {'true' if leg.verified else 'NOT TRUE'}",
        f"FAILED: {leg.error}" if leg.error else "",
    ]
    return "; ".join(part for part in parts if part)


def _size(of: RelationSize) -> str:
    rows = "" if of.rows is None else f", about {counted(of.rows, 'row', shown=number(of.rows))}"
    return f"{said(of.relation)} {size(of.bytes)}{rows}"


def _names(names: Sequence[str]) -> str:
    return ", ".join(map(said, names))


def _took(seconds: float | None) -> str:
    return "" if seconds is None else took(seconds)


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())
