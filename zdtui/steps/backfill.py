"""The rows of a table updated in batches. Pure."""

from collections.abc import Iterator
from typing import Literal

from pydantic import Field

from zdtui.sql.split import split
from zdtui.sql.text.quote import identifier_parts
from zdtui.sql.told import tells_done
from zdtui.steps.batches import (
    IN_SMALL_BATCHES,
    REJECTED_ROWS,
    WALK,
    WORKING,
    Walk,
    and_where,
    by_key_shown,
    by_page_shown,
    key_line,
    tuning_line,
)
from zdtui.steps.execution import Batches
from zdtui.steps.in_batches import InBatches, read_in_batches
from zdtui.steps.key import Key, Kind, Table
from zdtui.steps.kind import Given, Judged, TableUse, Update, Use
from zdtui.steps.mistake import Mistake
from zdtui.steps.wording import fence, short, where_shown

NOT_TOLD = "\n-- nothing tells a row that is done: each is walked once, and no look at the end can prove it"
KEYS = Table(
    (
        Key("table", Kind.TEXT, "The table to update.", required=True, names_table=True),
        Key("set", Kind.PAIRS, "Columns and the expressions they get.", required=True, field="assignments"),
        Key("where", Kind.SQL, "Which rows still need it."),
        Key("key", Kind.COLUMNS, "A unique key; default: the primary key, else one of NOT NULL columns."),
        WALK,
        *WORKING,
    ),
    "`UPDATE table SET ... WHERE ...` in small batches, each committed with its checkpoint. Where a changed row no "
    "longer matches `where` (`x IS NULL` with a new value for x, `x IS DISTINCT FROM` its own expression) the "
    "pages are gone through in stripes, so that most updates are HOT, and a sweep by key finds what moved "
    "meanwhile; everything else goes by key. At the end one look at the whole table finds what still matches "
    "`where`. `set` may not change the key that is walked. A partitioned table is walked partition by partition. A "
    "table without a key needs such a `where`.",
)


class BackfillAction(InBatches):
    """UPDATE `table` SET `assignments` WHERE `where`, in batches by page or by `key`."""

    kind: Literal["backfill"] = "backfill"
    table: str
    assignments: tuple[tuple[str, str], ...] = Field(description="column and SQL expression, in order")

    @classmethod
    def step_keys(cls) -> tuple[Key, ...]:
        """`backfill`."""
        return (Key("backfill", Kind.OBJECT, "UPDATE in batches.", of="backfill"),)

    @classmethod
    def mapping(cls) -> Table:
        """Its mapping."""
        return KEYS

    @classmethod
    def read(cls, given: Given) -> "BackfillAction":
        """What the mapping says."""
        values = given.value
        return BackfillAction(
            table=values.get("table", "-"),
            assignments=values.get("set", ()),
            **read_in_batches(values),
        )

    def mistakes(self) -> Iterator[Mistake]:
        """The key that is walked must stay as it is."""
        walked = {identifier_parts(column) for column in self.key}
        for column, _ in self.assignments:
            if identifier_parts(column) in walked:
                sentence = f"`{column[:60]}` is the key the rows are walked by; it cannot be set"
                yield Mistake(sentence, "set", name=column)

    @property
    def may_go_by_page(self) -> bool:
        """Whether the plan leaves it to the table to go by page (`zdtui.run.bulk.ranges.scan_method`)."""
        return self.where is not None and self.tuning.walk is not Walk.KEY

    @property
    def execution(self) -> Batches:
        """In batches."""
        return Batches(self.table, self.tuning)

    @property
    def judged(self) -> Judged:
        """The UPDATE of one row; of all rows where it is traced."""
        sets = ", ".join(f"{column} = {expression}" for column, expression in self.assignments)
        key = self.key[0] if self.key else "id"
        where = f" AND ({self.where})" if self.where else ""
        amounts_to = f"UPDATE {self.table} SET {sets} WHERE {key} = $1{where}"
        return Judged(amounts_to, split(amounts_to), on_empty_tables=self._update_of_all)

    @property
    def tables(self) -> tuple[TableUse, ...]:
        """Its rows are changed."""
        return (TableUse(self.table, Use.CHANGED, tuple(column for column, _ in self.assignments)),)

    @property
    def expressions(self) -> tuple[str, ...]:
        """What the columns get, and which rows."""
        return (*(expression for _, expression in self.assignments), self.where or "")

    @property
    def updates(self) -> Update:
        """The assignments and the condition."""
        return Update(self.assignments, self.where)

    def confirm_text(self) -> str:
        """The UPDATE of one batch.

        Which way a table is walked is known when it begins; one that goes by page unless the table forbids it is told
        as that.
        """
        rows = by_page_shown(self.key) if self.may_go_by_page else by_key_shown(self.key)
        return self._update(rows) + ("" if tells_done(self.assignments, self.where) else NOT_TOLD)

    def retry_text(self) -> str:
        """The UPDATE of one rejected row."""
        return self._update(REJECTED_ROWS)

    def summary(self) -> Iterator[str]:
        """The table, each column, the batches."""
        pages = "page, or by " if self.may_go_by_page else ""
        yield f"backfill {self.table} by {pages}{key_line(self.key)}{where_shown(self.where)}"
        yield from (f"- {column} = {short(expression)}" for column, expression in self.assignments)
        yield tuning_line(self.tuning)

    def review(self) -> Iterator[str]:
        """The UPDATE of all rows."""
        yield IN_SMALL_BATCHES
        yield ""
        yield from fence(self._update_of_all)

    @property
    def _update_of_all(self) -> str:
        sets = ", ".join(f"{column} = {expression}" for column, expression in self.assignments)
        where = f" WHERE {self.where}" if self.where else ""
        return f"UPDATE {self.table} SET {sets}{where}"

    def _update(self, rows: str) -> str:
        assignments = ",\n       ".join(f"{column} = {expression}" for column, expression in self.assignments)
        return f"UPDATE {self.table}\n   SET {assignments}\n WHERE {rows}{and_where(self.where)}"
