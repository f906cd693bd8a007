"""A proof, over a time, that nothing uses a column or a table any more. Pure."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Literal

from pydantic import Field

from zdtui.quantities import format_duration
from zdtui.sql.text.name import Name
from zdtui.sql.text.quote import read_name
from zdtui.steps.execution import Soak
from zdtui.steps.key import Key, Kind, Table
from zdtui.steps.kind import Given, SendsNothing
from zdtui.steps.mistake import Mistake

MOST_PARTS = {"column": 3, "table": 2}
KEYS = Table(
    (
        Key("column", Kind.TEXT, "The column, with its table: users.name. One of `column` and `table` is said."),
        Key("table", Kind.TEXT, "The table, where all of it is to go."),
        Key(
            "for",
            Kind.DURATION,
            "How long statements are counted before they are read.",
            required=True,
            positive=True,
            field="duration",
        ),
        Key(
            "except_roles",
            Kind.TEXTS,
            "Roles whose statements are left out, such as the one that pg_dump connects as.",
        ),
    ),
    "Counts the calls of pg_stat_statements between its start and the end of the time, and reads each statement that "
    "was called by the server's own grammar. Done when none reads or writes the column or table, nothing in the "
    "catalog that depends on it is in the way, and all was seen; else held with the list, and `R` waits again.",
)


class UnusedAction(SendsNothing):
    """A time after which nothing must have used the column or the table. It reads counters and catalogs alone."""

    kind: Literal["unused"] = "unused"
    column: str | None = Field(default=None, description="with its table, as the author wrote it: users.name")
    table: str | None = None
    duration: timedelta
    except_roles: tuple[str, ...] = Field(default=(), description="their statements are left out")

    @classmethod
    def step_keys(cls) -> tuple[Key, ...]:
        """`unused`."""
        description = "Prove that nothing uses a column or a table, by the statements called in a time."
        return (Key("unused", Kind.OBJECT, description, of="unused"),)

    @classmethod
    def mapping(cls) -> Table:
        """Its mapping."""
        return KEYS

    @classmethod
    def read(cls, given: Given) -> "UnusedAction":
        """What the mapping says."""
        values = given.value
        return UnusedAction(
            column=values.get("column"),
            table=values.get("table"),
            duration=values.get("for", timedelta(0)),
            except_roles=values.get("except_roles", ()),
        )

    def mistakes(self) -> Iterator[Mistake]:
        """One of the two is said, and is a name."""
        if (self.column is None) == (self.table is None):
            yield Mistake("say one of `column` and `table`")
        for key, written in (("column", self.column), ("table", self.table)):
            parts = None if written is None else read_name(written)
            if written is not None and (parts is None or len(parts) > MOST_PARTS[key]):
                yield Mistake(f"`{written}` is no {key}'s name", key)
            elif key == "column" and parts is not None and len(parts) == 1:
                yield Mistake(f"say the column with its table, like users.{written}", key)

    @property
    def subject(self) -> tuple[Name, str | None]:
        """The table as it was written, and the column; None: the whole table is meant."""
        parts = read_name(self.named) or (self.named,)
        *before, last = parts
        if self.column is None:
            return Name(before[-1] if before else None, last), None
        return Name(before[-2] if len(before) > 1 else None, before[-1] if before else last), last

    @property
    def named(self) -> str:
        """The column or the table as it was written."""
        return self.column if self.column is not None else (self.table or "")

    @property
    def proves_unused(self) -> str:
        """It."""
        return self.named

    @property
    def execution(self) -> Soak:
        """A time that passes, with a look at its beginning and one at its end."""
        return Soak(self.duration)

    def confirm_text(self) -> str:
        """What is proved, and of which time."""
        roles = f"; statements of {', '.join(self.except_roles)} are left out" if self.except_roles else ""
        return (
            f"prove that nothing uses {self.what}, by the statements called in {format_duration(self.duration)} from"
            f" the moment the step is started{roles}"
        )

    @property
    def what(self) -> str:
        """'the column users.name'."""
        return f"the {'table' if self.column is None else 'column'} {self.named}"

    def summary(self) -> Iterator[str]:
        """What, and how long."""
        roles = f", but for {', '.join(self.except_roles)}" if self.except_roles else ""
        yield f"nothing uses {self.what} for {format_duration(self.duration)}{roles}"

    def review(self) -> Iterator[str]:
        """The same in Markdown."""
        roles = f" Statements of `{', '.join(self.except_roles)}` are left out." if self.except_roles else ""
        yield (
            f"For {format_duration(self.duration)} no statement may use `{self.named}`, and nothing that depends on it"
            f" may be in the way.{roles}"
        )
        yield ""

    def how(self, lock_timeout: str, statement_timeout: str) -> str:
        """What is read, and when."""
        return "counters and catalogs are read now and after that time, no row of a table; the time counts without us"

    def when_paused(self) -> str:
        """It needs nobody until the end."""
        return "the server goes on counting, and so does the time, from the journal"

    @property
    def text_name(self) -> str:
        """No SQL."""
        return "proof"
