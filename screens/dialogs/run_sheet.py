"""What the confirmation of a step says. Pure: the step as it was when the dialog opened, and the newest snapshot."""

from screens.dialogs.facts.hidden import undrawable_lines
from screens.dialogs.facts.how import how_facts, only_verifies, statements_of
from screens.dialogs.facts.rehearsed import rehearsal_facts
from screens.dialogs.facts.takes import hazard_facts, takes_facts
from screens.dialogs.facts.target import now_facts, on_fact
from screens.dialogs.facts.used import used_facts
from screens.dialogs.frame.now import Now
from screens.dialogs.frame.sheet import Ask, Fact, Page, Rank, Sheet, Write, last_question
from screens.look import Look
from screens.would_send import refusal, run_step
from zdtui import amounts
from zdtui.counted import counted
from zdtui.plan.model import Irreversible, Plan, SqlRollback, Step
from zdtui.run.decisions.confirm_text import shown, step_digest
from zdtui.run.decisions.decide import needs_go
from zdtui.run.decisions.reading import proposal_of, reading_of
from zdtui.run.decisions.snapshot import Snapshot
from zdtui.run.decisions.typed_word import needs_typed_id
from zdtui.run.model.commands import RunStep
from zdtui.run.model.events import Direction
from zdtui.run.model.state import StepState, StepStatus
from zdtui.run.preflight.board import Outcome
from zdtui.sql.statement import Statement

LONG_KINDS = 40
"""Columns from which the kinds of a rollback's statements are not named beside their number."""


def run_sheet(snapshot: Snapshot, step: Step, typed: bool, now: Now) -> Sheet:
    """The whole dialog. `typed`: the id has to be typed, as found when the dialog opened or by now."""
    state = snapshot.run.step(step.id)
    verb = verb_of(step, state)
    number = next((index for index, each in enumerate(snapshot.plan.steps, 1) if each.id == step.id), 0)
    return Sheet(
        title=f"{verb.capitalize()} step {number} of {len(snapshot.plan.steps)}, {step.id}: {step.title}",
        asks=_asks(step, verb, typed or needs_typed_id(snapshot, step)),
        pages=pages_of(step),
        facts=_facts(snapshot, step, state, now),
        production=snapshot.is_production,
        withdrawn=why_withdrawn(snapshot, step),
    )


def command_of(step: Step, given: tuple[str, ...]) -> RunStep:
    """The command the answers come to: the note of a manual step first, then 'y' or the typed id."""
    note = given[0] if step.action.by_hand else ""
    return RunStep(step=step.id, sql_digest=step_digest(step), confirmed_by=given[-1], note=note)


def why_withdrawn(snapshot: Snapshot, step: Step) -> str | None:
    """Why the step as it was shown would be refused now: no go, a guard, another step, another text; or None."""
    return refusal(snapshot, run_step(step))


def verb_of(step: Step, state: StepState) -> str:
    """run, go on with, try again, verify."""
    if state.status is StepStatus.APPLIED or (state.status is StepStatus.FAILED and only_verifies(step, state)):
        return "verify"
    if state.status is StepStatus.FAILED:
        return "try again"
    return "go on with" if state.status is StepStatus.HELD else "run"


def pages_of(step: Step) -> tuple[Page, ...]:
    """The text that is sent, what undoes it, and what decides success."""
    pages = [Page(step.action.text_name, shown(step)), Page("undo", shown(step, Direction.BACK))]
    if step.verify:
        pages.append(Page("verify", ";\n\n".join(query.strip() for query in step.verify)))
    return tuple(pages)


def undo_fact(step: Step) -> Fact:
    """What takes the step back, or that nothing does, loudly."""
    look = Look.LOUD if isinstance(step.rollback, Irreversible) else Look.PLAIN
    short = _statements_in_short(step.rollback.statements) if isinstance(step.rollback, SqlRollback) else ""
    return Fact("undo", step.rollback.in_one_line, look, Rank.DECIDES, short)


def _statements_in_short(statements: tuple[Statement, ...]) -> str:
    number = f"{counted(len(statements), 'statement')} on the page undo"
    kinds = ", ".join(dict.fromkeys(each.kind for each in statements))
    return f"{number}: {kinds}" if len(kinds) < LONG_KINDS else number


def _asks(step: Step, verb: str, typed: bool) -> tuple[Ask, ...]:
    doing = f"{verb} it" if verb in ("run", "verify") else "go on with it" if verb == "go on with" else verb
    last = last_question(step.id if typed else None, doing)
    return (Write("say what was done", "note"), last) if step.action.by_hand else (last,)


def _facts(snapshot: Snapshot, step: Step, state: StepState, now: Now) -> tuple[Fact, ...]:
    """In the order they are read: where, what it takes, what takes it back, what may go wrong, how it is done."""
    facts = [on_fact(snapshot), *takes_facts(snapshot, step), undo_fact(step), *hazard_facts(snapshot, step)]
    facts += rehearsal_facts(snapshot, step)
    if state.message and state.status in (StepStatus.HELD, StepStatus.FAILED):
        facts.append(Fact("before", f"{state.status}: {state.message}"))
    facts += [*used_facts(snapshot, step, now), *_proposed(snapshot, step)]
    facts += [*_unlike(step), *_board(snapshot, snapshot.plan, step, now)]
    if not snapshot.journal_installed:
        facts.append(Fact("also", "creates schema zdtui in this database (the journal)", Look.STRONG))
    if step.verify:
        count = counted(len(step.verify), "query", "queries")
        facts.append(
            Fact("verify", f"{count} must be true: {' '.join(step.verify[0].split())}", short=f"{count} must be true")
        )
    facts += how_facts(step, state, now)
    if not step.action.by_hand and step.action.soak is None:
        facts += now_facts(snapshot, statements_of(step), now)
    return tuple(facts)


def _proposed(snapshot: Snapshot, step: Step) -> tuple[Fact, ...]:
    """Of a proposal: who made it, and who has read this step of it."""
    proposal, reading = proposal_of(snapshot), reading_of(snapshot, step)
    if proposal is None:
        return ()
    read = "nobody has read it yet" if reading is None else f"read by {reading.by}, {reading.at:%Y-%m-%d %H:%M} UTC"
    return (Fact("by", f"proposed by {proposal.who}; {read}", Look.LOUD if reading is None else Look.STRONG),)


def _board(snapshot: Snapshot, plan: Plan, step: Step, now: Now) -> tuple[Fact, ...]:
    """The go / no-go board, where this step needs one."""
    if not needs_go(plan, snapshot.run, step):
        return ()
    board = snapshot.board
    if board is None:
        return (Fact("board", "not asked yet; it is asked before the step starts", Look.STRONG),)
    look = Look.PLAIN if board.outcome is Outcome.OK else Look.STRONG
    return (Fact("board", f"{board.go}, asked {amounts.age(now.utc - board.taken_at)} ago (c shows it)", look),)


def _unlike(step: Step) -> tuple[Fact, ...]:
    """A warning when the text holds characters that cannot be drawn as they are."""
    odd = undrawable_lines(shown(step)) + undrawable_lines(shown(step, Direction.BACK))
    if not odd:
        return ()
    lines = counted(odd, "line holds", "lines hold")
    return (Fact("careful", f"{lines} control or direction marks, shown as their numbers", Look.LOUD),)
