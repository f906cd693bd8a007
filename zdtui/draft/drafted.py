"""What a change becomes: steps, what is said beside them, and what only a person can decide. Pure."""

import re
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from zdtui.draft.known import Known
from zdtui.errors import ZdtuiError
from zdtui.plan.model import (
    Action,
    BackfillAction,
    ManualAction,
    NoRollback,
    Phase,
    Rollback,
    SqlAction,
    SqlRollback,
    Step,
    StepId,
    UnusedAction,
    WaitAction,
)
from zdtui.sql.operation import Operation
from zdtui.sql.schema.made_names import made_name
from zdtui.sql.statement import Statement
from zdtui.sql.text.name import Name
from zdtui.sql.text.quote import quote_identifier

ONLY_LOOKS = NoRollback(reason="it only looks")
ONLY_TIME = NoRollback(reason="only time passed")
SOAK = timedelta(hours=24)
"""How long a release runs before what the one before it needs is taken away."""
LONGEST_ID = 60
WIDEST = 110


class DraftError(ZdtuiError):
    """A change that cannot be made safe here: what it is, why, and what a person has to decide."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One change that somebody asked for."""

    operation: Operation
    statement: Statement
    known: Known

    @property
    def table(self) -> Name:
        """The table it is about. DraftError when it names none."""
        if self.operation.relation is None:
            raise DraftError(f"`{self.shown}` names no table")
        return self.operation.relation

    @property
    def column(self) -> str:
        """The column it is about. DraftError when it names none."""
        if self.operation.column is None:
            raise DraftError(f"`{self.shown}` names no column")
        return self.operation.column

    def written(self, resolved: Name) -> Name:
        """A table as the plan writes it: without its schema where the author wrote none and none is needed."""
        relation, bare = self.operation.relation, Name(None, resolved.name)
        said = relation is not None and relation.schema is not None
        return resolved if said or self.known.schema.resolve(bare) != resolved else bare

    @property
    def shown(self) -> str:
        """The statement in one line, for a sentence."""
        line = " ".join(self.statement.text.split())
        return line if len(line) <= 100 else f"{line[:99]}…"


@dataclass(frozen=True, slots=True, kw_only=True)
class Drafted:
    """The steps of one change, in order."""

    steps: tuple[Step, ...]
    comments: Mapping[tuple[str, str], str] = field(default_factory=dict)
    """As `zdtui.plan.write` takes them, by step id and key."""
    title: str
    """What the change does, in a few words: 'orders.status is never NULL'."""
    decisions: tuple[str, ...] = ()
    """What only a person can decide, each in a sentence."""
    covers: frozenset[tuple[Name, str]] = frozenset()
    """Columns whose change of type is in it, so that asking for it as well asks for nothing more."""


def step(
    step_id: str,
    title: str,
    phase: Phase,
    action: Action,
    rollback: Rollback | str,
    *,
    verify: str = "",
    notes: str = "",
    silence: tuple[tuple[str, str], ...] = (),
) -> Step:
    """A step; a rollback that is a text is SQL."""
    return Step(
        id=StepId(slug(step_id)),
        title=title[:200],
        phase=phase,
        notes=wrapped(notes),
        silence=silence,
        action=action,
        rollback=SqlRollback(sql=lines(rollback)) if isinstance(rollback, str) else rollback,
        verify=(verify,) if verify else (),
    )


def wrapped(text: str) -> str:
    """Lines that a person reads without scrolling; its own line breaks stay."""
    return "\n".join(textwrap.fill(line, WIDEST, break_on_hyphens=False) for line in text.split("\n"))


def sql(*statements: str) -> SqlAction:
    """Statements that run together."""
    return SqlAction(sql=lines(*statements))


def lines(*statements: str) -> str:
    """The statements, each with its semicolon and on a line of its own."""
    return "".join(f"{each.rstrip().removesuffix(';')};\n" for each in statements)


def backfill(table: Name, assignments: Mapping[str, str], where: str) -> BackfillAction:
    """Rows are changed in batches where the condition is true."""
    return BackfillAction(table=table.written, assignments=tuple(assignments.items()), where=where)


def deploy(step_id: str, title: str, phase: Phase, instructions: str, former: str) -> Step:
    """A release that a person deploys; `former` says why the one before it can come back."""
    return step(step_id, title, phase, ManualAction(instructions=wrapped(instructions)), NoRollback(reason=former))


def soak(step_id: str, phase: Phase, watched: str) -> Step:
    """A day in which what was deployed shows itself."""
    return step(step_id, "Let it run", phase, WaitAction(duration=SOAK), ONLY_TIME, notes=watched)


def unused(known: Known, step_id: str, table: Name, column: str | None = None) -> Step:
    """The same, and the proof that nothing uses the column or the table, where the server counts statements."""
    named = table.written if column is None else f"{table.written}.{quote_identifier(column)}"
    if not known.counts_statements:
        return soak(step_id, Phase.SWITCH, f"Look whether anything still uses {named}.")
    subject = {"table": named} if column is None else {"column": named}
    return step(
        step_id,
        f"Nothing uses {named} for a day",
        Phase.SWITCH,
        UnusedAction(duration=SOAK, **subject),
        ONLY_LOOKS,
        notes=(
            "It is held with the list of what still uses it: mend that and wait again, or pass over it with a reason."
            " pg_dump reads every column: name the role it connects as in except_roles. What standbys serve is counted"
            " there."
        ),
    )


def nobody_uses(known: Known, step_id: str, table: Name, columns: tuple[str, ...]) -> Step:
    """The same of one column; of several one day for all of them, and how to ask for each."""
    if len(columns) == 1:
        return unused(known, step_id, table, columns[0])
    asked = " and ".join(f"zdtui usage {table.written}.{quote_identifier(each)}" for each in columns)
    return soak(step_id, Phase.SWITCH, f"Ask whether anything still uses them: {asked}.")


def slug(text: str) -> str:
    """A step's id: small letters, digits and hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:LONGEST_ID].rstrip("-") or "step"


def literal(text: str) -> str:
    """A string of SQL."""
    return "'" + text.replace("'", "''") + "'"


def regclass(name: Name) -> str:
    """The relation as a value: 'public.users'::regclass."""
    return f"{literal(name.written)}::regclass"


def beside(table: Name, *parts: str) -> Name:
    """A name made of the table's and these parts, as PostgreSQL makes one up, in the table's schema."""
    return Name(table.schema, made_name(table.name, *parts))


def columns_of(names: tuple[str, ...]) -> str:
    """'a, b' as SQL."""
    return ", ".join(map(quote_identifier, names))
