"""What `zdtui new` asks: for each usual change a few words, which become the statement that is drafted. Pure."""

from dataclasses import dataclass

from zdtui.draft.drafted import slug
from zdtui.plan.model import Irreversible, Phase, Plan, Rollback, SqlAction, SqlRollback, Step, StepId
from zdtui.plan.write import write_plan


@dataclass(frozen=True, slots=True)
class Question:
    """One thing that is asked."""

    name: str
    asks: str
    may_be_empty: bool = False


TABLE = Question("table", "Which table")
COLUMN = Question("column", "Which column")


@dataclass(frozen=True, slots=True)
class Change:
    """A usual change: what has to be known of it, and the statement that one would have run."""

    what: str
    questions: tuple[Question, ...]
    statement: str
    """With the answers in braces."""
    if_given: tuple[tuple[str, str], ...] = ()
    """What is added for an answer that may be empty and is not."""

    def statement_of(self, answers: dict[str, str]) -> str:
        """The statement, of answers to all questions."""
        added = "".join(text.format(**answers) for name, text in self.if_given if answers[name])
        return self.statement.format(**answers) + added


CHANGES = (
    Change(
        "add a column",
        (
            TABLE,
            Question("column", "The new column's name"),
            Question("type", "Its type"),
            Question("default", "Its default (Enter for none)", may_be_empty=True),
        ),
        "ALTER TABLE {table} ADD COLUMN {column} {type}",
        (("default", " DEFAULT {default}"),),
    ),
    Change(
        "change a column's type",
        (TABLE, COLUMN, Question("type", "Its new type")),
        "ALTER TABLE {table} ALTER COLUMN {column} TYPE {type}",
    ),
    Change(
        "forbid NULL in a column",
        (TABLE, COLUMN),
        "ALTER TABLE {table} ALTER COLUMN {column} SET NOT NULL",
    ),
    Change(
        "rename a column",
        (TABLE, COLUMN, Question("name", "Its new name")),
        "ALTER TABLE {table} RENAME COLUMN {column} TO {name}",
    ),
    Change(
        "add an index",
        (TABLE, Question("columns", "Which columns, with commas between them"), Question("name", "The index's name")),
        "CREATE INDEX {name} ON {table} ({columns})",
    ),
    Change(
        "add a foreign key",
        (
            TABLE,
            Question("columns", "Which of its columns refer"),
            Question("other", "To which table"),
            Question("keys", "To which of its columns"),
            Question("name", "The constraint's name"),
        ),
        "ALTER TABLE {table} ADD CONSTRAINT {name} FOREIGN KEY ({columns}) REFERENCES {other} ({keys})",
    ),
    Change("drop a column", (TABLE, COLUMN), "ALTER TABLE {table} DROP COLUMN {column}"),
    Change("drop a table", (TABLE,), "DROP TABLE {table}"),
)
"""Those that one is asked about word by word; any other change is written as its statement."""
STATEMENT = Question("statement", "The statement as you would have run it")
TITLE = Question("title", "What the plan is for, in a line")
BACK = Question("back", "The SQL that undoes it (Enter: nothing does)", may_be_empty=True)


def plan_of_one_step(title: str, statement: str, back: str) -> str:
    """The text of a plan of one step as it was written, for a person to write on."""
    rollback: Rollback = (
        SqlRollback(sql=f"{back}\n") if back else Irreversible(consequence="nothing was said to undo it")
    )
    phase = Phase.EXPAND if back else Phase.CONTRACT
    step = Step(
        id=StepId(slug(title)),
        title=title[:200],
        phase=phase,
        action=SqlAction(sql=f"{statement}\n"),
        rollback=rollback,
    )
    plan = Plan(name=slug(title), title=title[:200], steps=(step,), source="", path="", digest="")
    return write_plan(plan, {("", ""): "Written by zdtui new: one step, to be gone on with.\n"})
