"""Whether a plan may be rehearsed on a server: the one place that says so. Pure.

A rehearsal confirms steps by itself, which is never done in production. Who drives it is given a `Permission`, and only
`permitted` makes one.
"""

from dataclasses import dataclass

from zdtui.errors import ZdtuiError
from zdtui.plan.model import Environment, Plan

_ASKED = object()
"""What `permitted` alone has in hand."""


class RehearsalRefusedError(ZdtuiError):
    """Why the plan is not rehearsed there, and what to do, in one sentence."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The server and database that a rehearsal is to work on, as the server tells them."""

    database: str
    is_ours: bool = False
    """A scratch server made for this rehearsal: nobody else is there."""
    in_recovery: bool = False
    standbys: tuple[str, ...] = ()
    """Names of the standbys that stream from it."""
    production_runs: tuple[str, ...] = ()
    """Names of the plans whose runs in its journal say that it is production."""
    unfinished_runs: tuple[str, ...] = ()
    """Names of the plans whose runs in its journal have not ended."""
    held_by: str | None = None
    """The session of a run or rehearsal that is under way there."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the operator said beforehand."""

    environment: Environment | None = None
    """What this server is, where the plan says production."""
    beside_standbys: bool = False
    """Its standbys may fall behind."""


@dataclass(frozen=True, slots=True)
class Permission:
    """This plan may be rehearsed on that server."""

    plan: Plan
    at: Surroundings
    made_by: object

    def __post_init__(self) -> None:
        if self.made_by is not _ASKED:
            raise AssertionError("only `permitted` gives a permission")


def permitted(plan: Plan, at: Surroundings, asked: Asked) -> Permission:
    """The permission to rehearse the plan there. Raises RehearsalRefusedError."""
    if (reason := refusal(plan, at, asked)) is not None:
        raise RehearsalRefusedError(reason)
    return Permission(plan, at, _ASKED)


def refusal(plan: Plan, at: Surroundings, asked: Asked) -> str | None:
    """Why not, in one sentence; None: it may."""
    if at.is_ours:
        return None
    if asked.environment is Environment.PRODUCTION:
        return f"{at.database} is said to be production: a rehearsal confirms steps by itself, and never there"
    if plan.target.environment is Environment.PRODUCTION and asked.environment is None:
        return (
            f"the plan {plan.name} says that its target is production: rehearse it with --scratch, or, where"
            f" {at.database} is another server, say what it is with --environment staging"
        )
    if at.production_runs:
        return (
            f"the journal in {at.database} holds a run in production ({at.production_runs[0]}): use another database;"
            " in a copy of production, DROP SCHEMA zdtui CASCADE says that it is one"
        )
    if at.in_recovery:
        return f"{at.database} is on a standby, which takes no changes: name its primary, or another server"
    if at.held_by is not None:
        return f"a run or another rehearsal is under way in {at.database} ({at.held_by}): wait for its end"
    if at.unfinished_runs:
        return (
            f"the run of {at.unfinished_runs[0]} in {at.database} has not ended: finish it or roll it back first"
            " (zdtui status tells where it stands)"
        )
    if at.standbys and not asked.beside_standbys:
        return (
            f"{at.database} has standbys that others may read from ({', '.join(at.standbys)}): say --beside-standbys"
            " if they may fall behind"
        )
    return None
