"""The list that `zdtui` alone shows: plans with their last run, runs, targets, the demo, commands. Pure."""

from collections.abc import Mapping, Sequence

from zdtui.plan.model import Plan
from zdtui.proposals.proposal import Proposal
from zdtui.run.decisions.reading import told
from zdtui.run.decisions.view import RunView
from zdtui.run.journal.reader import Journal
from zdtui.run.journal.standing import standing
from zdtui.run.model.plan_events import NotJournaled
from zdtui.run.model.state import RunState
from zdtui.start.entry import Entry, Opens

LIBPQ = ""
"""The name that stands for what libpq is told by PG* variables and services."""
COMMANDS = {
    "import": "make a plan of another tool's folder of migrations",
    "new": "a few questions, and a plan",
    "check": "what plans and files of SQL will do, without a database",
}
NOBODY_S: Mapping[str, Proposal] = {}
Run = tuple[Journal, RunState]
"""What the database holds of a run, and the run as it stands after that."""


def entries(
    plans: Mapping[str, Plan | str],
    targets: Sequence[str],
    chosen: str | None,
    runs: Sequence[Run],
    proposals: Mapping[str, Proposal] = NOBODY_S,
) -> list[Entry]:
    """Everything that can be opened, in the order in which one looks for it.

    `chosen` is the target whose `runs`, newest first, are known; None: none was chosen yet. `proposals` says of those
    plans that are some who made them.
    """
    rows = [
        Entry(Opens.PLAN, path, path, _of_plan(plan, runs)) for path, plan in plans.items() if path not in proposals
    ]
    for path, proposal in proposals.items():
        about = _of_proposal(plans[path], proposal, runs, asked=chosen is not None)
        rows.append(Entry(Opens.PROPOSAL, path, path, about))
    rows += [Entry(Opens.RUN, str(of.run), str(of.run)[:8], _of_run((of, state))) for of, state in runs]
    rows += [each for each in places(targets) if each.key != chosen]
    rows.append(Entry(Opens.DRAFT, "draft", "draft", "a plan of a statement that would stop the application"))
    rows.append(Entry(Opens.DEMO, "demo", "demo", "a shop of its own with traffic, to try the console on"))
    rows += [Entry(Opens.COMMAND, name, f"zdtui {name}", about) for name, about in COMMANDS.items()]
    return rows


def places(targets: Sequence[str]) -> list[Entry]:
    """Where a plan can be opened."""
    named = [Entry(Opens.TARGET, name, name, "its runs, and where a plan is opened") for name in targets]
    return [*named, Entry(Opens.TARGET, LIBPQ, "libpq's own", "the database that PG* and PGSERVICE name")]


def path_of_run(run: Run, plans: Mapping[str, Plan | str]) -> str | None:
    """The file here whose plan that run is of; None where there is none, or the run's beginning is lost."""
    name = _plan_name(run)
    return next((path for path, plan in plans.items() if isinstance(plan, Plan) and plan.name == name), None)


def _plan_name(run: Run) -> str | None:
    opened = run[1].opened
    return None if opened is None else opened.plan_name


def _of_plan(plan: Plan | str, runs: Sequence[Run]) -> str:
    if isinstance(plan, str):
        return plan
    last = next((run for run in runs if _plan_name(run) == plan.name), None)
    return plan.title if last is None else f"{plan.title} · {_standing(last)}"


def _of_proposal(plan: Plan | str, proposal: Proposal, runs: Sequence[Run], *, asked: bool) -> str:
    """Who proposed it, and who has read it: that stands in the journal of the database it is run in."""
    if isinstance(plan, str):
        return f"proposed by {proposal.who} · {plan}"
    if not asked:
        return f"proposed by {proposal.who}, to be read · {plan.title}"
    last = next((run for run in runs if _plan_name(run) == plan.name), None)
    state = RunState() if last is None else last[1]
    said = told(RunView(plan=plan, run=state, not_journaled=NotJournaled(proposal)))
    return f"{said} · {plan.title}" if last is None else f"{said} · {plan.title} · {_standing(last)}"


def _of_run(run: Run) -> str:
    return f"{_plan_name(run) or 'a run whose beginning is lost'} · {_standing(run)}"


def _standing(run: Run) -> str:
    """Where it stands; of a journal that is not whole nobody can say."""
    journal, state = run
    if journal.damage is not None:
        return "its journal is not whole: zdtui status says what is wrong"
    when = f" on {state.last_at:%Y-%m-%d %H:%M} UTC" if state.last_at is not None else ""
    return f"last run {standing(state)}{when}"
