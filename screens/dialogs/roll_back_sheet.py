"""What the confirmation of a rollback says. Pure: how far back, and the newest snapshot."""

from screens.dialogs.facts.hidden import undrawable_lines
from screens.dialogs.facts.how import sql_facts
from screens.dialogs.facts.target import now_facts, on_fact
from screens.dialogs.frame.now import Now
from screens.dialogs.frame.sheet import Answer, Ask, Choose, Fact, Page, Rank, Sheet, last_question
from screens.look import Look
from screens.would_send import refusal, roll_back_steps
from zdtui import amounts
from zdtui.counted import counted
from zdtui.plan.model import Irreversible, NoRollback, SqlRollback, Step, StepId
from zdtui.run.decisions.confirm_text import rollback_digest, shown
from zdtui.run.decisions.decide import has_something_to_undo, undoable
from zdtui.run.decisions.snapshot import Snapshot
from zdtui.run.decisions.typed_word import typed_word
from zdtui.run.model.commands import RollBack
from zdtui.run.model.events import Direction
from zdtui.run.model.state import StepState, StepStatus
from zdtui.sql.statement import Statement

FEWER_MORE = (Answer("k", "fewer"), Answer("j", "more"))


def roll_back_sheet(snapshot: Snapshot, chosen: tuple[Step, ...], candidates: tuple[Step, ...], now: Now) -> Sheet:
    """The whole dialog: `chosen` of the `candidates`, both latest first, as found when the dialog opened."""
    return Sheet(
        title=_title(chosen),
        asks=_asks(snapshot, chosen, candidates),
        pages=(Page("SQL", sql_text(snapshot, chosen)),) if chosen else (),
        facts=_facts(snapshot, chosen, candidates, now),
        production=snapshot.is_production,
        obstacle=refusal(snapshot, roll_back_steps(chosen)),
        keys=FEWER_MORE if len(candidates) > 1 else (),
    )


def command_of(chosen: tuple[Step, ...], given: tuple[str, ...]) -> RollBack:
    """The command: what was chosen, with the digest of what was shown."""
    return RollBack(tuple(step.id for step in chosen), rollback_digest(chosen), confirmed_by=given[-1])


def why_withdrawn(snapshot: Snapshot, chosen: tuple[Step, ...], begun: tuple[Step, ...]) -> str | None:
    """What `decide` says where other steps are begun now than when the dialog opened: then for good."""
    if undoable(snapshot.plan, snapshot.run) == begun:
        return None
    return refusal(snapshot, roll_back_steps(chosen))


def sql_text(snapshot: Snapshot, chosen: tuple[Step, ...]) -> str:
    """The rollbacks of the chosen steps in the order they run, each under the name of its step."""
    parts = []
    for number, step in enumerate(chosen, 1):
        text = shown(step, Direction.BACK)
        if not isinstance(step.rollback, SqlRollback):
            text = f"-- {text}"
        elif not has_something_to_undo(snapshot.run.step(step.id)):
            text = f"-- not sent, nothing of {step.id} is in the database:\n" + _commented(text)
        parts.append(f"-- {number} of {len(chosen)}: {step.id}\n{text.strip()}")
    return "\n\n".join(parts)


def _commented(text: str) -> str:
    return "\n".join(f"-- {line}" for line in text.strip().split("\n"))


def _title(chosen: tuple[Step, ...]) -> str:
    if not chosen:
        return "Roll back"
    if len(chosen) == 1:
        return f"Roll back {chosen[0].id}: {chosen[0].title}"
    return f"Roll back {counted(len(chosen), 'step')}, to before {_last(chosen)}"


def _last(chosen: tuple[Step, ...]) -> StepId:
    return chosen[-1].id


def _asks(snapshot: Snapshot, chosen: tuple[Step, ...], candidates: tuple[Step, ...]) -> tuple[Ask, ...]:
    if not chosen:
        return ()
    last = last_question(typed_word(snapshot, roll_back_steps(chosen)), "roll back")
    if isinstance(last, Choose):
        return (last,)
    how_far_back = Choose("how far back?", (Answer("Enter", "so far: then type the step's id"),))
    return (how_far_back, last) if len(candidates) > 1 else (last,)


def _facts(snapshot: Snapshot, chosen: tuple[Step, ...], candidates: tuple[Step, ...], now: Now) -> tuple[Fact, ...]:
    facts = [on_fact(snapshot)]
    if len(candidates) > 1:
        names = ", ".join(step.id for step in chosen)
        far = f"{len(chosen)} of {counted(len(candidates), 'step')}"
        facts.append(Fact("back", f"{far}: {names}", Look.STRONG, Rank.DECIDES, f"{far}, to before {_last(chosen)}"))
    facts += [Fact("done" if number == 0 else "", _done(step, snapshot)) for number, step in enumerate(chosen)]
    facts += _lost(snapshot, chosen)
    statements = _statements(snapshot, chosen)
    if statements:
        facts += [_how(chosen, statements), *now_facts(snapshot, statements, now)]
    odd = sum(undrawable_lines(shown(step, Direction.BACK)) for step in chosen)
    if odd:
        text = f"{counted(odd, 'line holds', 'lines hold')} control or direction marks, shown as their numbers"
        facts.append(Fact("careful", text, Look.LOUD))
    return tuple(facts)


def _lost(snapshot: Snapshot, chosen: tuple[Step, ...]) -> list[Fact]:
    """What no rollback brings back."""
    return [
        Fact("lost", f"{step.id} is IRREVERSIBLE: {step.rollback.consequence}", Look.LOUD, Rank.DECIDES)
        for step in chosen
        if isinstance(step.rollback, Irreversible) and has_something_to_undo(snapshot.run.step(step.id))
    ]


def _how(chosen: tuple[Step, ...], statements: tuple[Statement, ...]) -> Fact:
    if len(chosen) == 1:
        return sql_facts(statements, chosen[0].limits)[0]
    return Fact("how", "step by step, the latest first; it stops at the first that fails")


def _statements(snapshot: Snapshot, chosen: tuple[Step, ...]) -> tuple[Statement, ...]:
    """What is really sent: the rollbacks of steps that left something behind."""
    return tuple(
        statement
        for step in chosen
        if isinstance(step.rollback, SqlRollback) and has_something_to_undo(snapshot.run.step(step.id))
        for statement in step.rollback.statements
    )


def _done(step: Step, snapshot: Snapshot) -> str:
    """What a step has done so far, in a few words."""
    state = snapshot.run.step(step.id)
    if isinstance(step.rollback, NoRollback):
        return f"{step.id}: {_status(state)}, nothing to undo"
    if not has_something_to_undo(state):
        return f"{step.id}: {_status(state)}, nothing of it is in the database"
    return f"{step.id}: {_status(state)}"


def _status(state: StepState) -> str:
    parts = [str(state.status)]
    if state.status is StepStatus.DONE and state.seconds is not None:
        parts[0] += f" in {amounts.took(state.seconds)}"
    if state.rows is not None:
        parts.append(counted(state.rows, "row", shown=amounts.number(state.rows)))
    if state.status is StepStatus.FAILED:
        parts.append(state.message)
    return ", ".join(parts)
