"""Triggers that keep two columns of a row in step while releases of both kinds write. Pure.

Each comes last by its name, because PostgreSQL fires BEFORE triggers in the order of their names and ours has to see
what the others made of the row. It has no list of columns, because another trigger may change a column that the UPDATE
does not name. It compares OLD and NEW, so that a backfill, an upsert, COPY, a cascade and a row that moves between
partitions leave the same row, whatever comes first.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from zdtui.draft.drafted import beside, lines
from zdtui.draft.tree import qualified
from zdtui.sql.text.name import Name
from zdtui.sql.text.quote import quote_identifier

WHAT_NO_TRIGGER_SAVES = (
    "A release that reads a whole row and writes it back later undoes what was written to it meanwhile, through"
    " whichever name: no trigger can tell that from a change. A session with session_replication_role = replica, and a"
    " loader that disables triggers, write past it."
)


@dataclass(frozen=True, slots=True)
class Sync:
    """The trigger of one table, and its function."""

    table: Name
    trigger: str
    function: Name
    body: str

    @property
    def create(self) -> str:
        """The statements that make both."""
        return lines(self.replace.replace("CREATE OR REPLACE", "CREATE", 1)) + lines(
            f"CREATE TRIGGER {self.trigger} BEFORE INSERT OR UPDATE ON {self.table}\n"
            f"  FOR EACH ROW EXECUTE FUNCTION {self.function}()"
        )

    @property
    def replace(self) -> str:
        """The statement that gives the function this body."""
        return (
            f"CREATE OR REPLACE FUNCTION {self.function}() RETURNS trigger LANGUAGE plpgsql AS $function$\n"
            f"BEGIN\n{self.body}  RETURN NEW;\nEND\n$function$"
        )

    @property
    def drop(self) -> str:
        """The statements that take both away."""
        return lines(f"DROP TRIGGER {self.trigger} ON {self.table}", f"DROP FUNCTION {self.function}()")


def both_ways(table: Name, old: str, new: str) -> Sync:
    """Two names of one value: whichever is written, the other follows; `new` wins where one statement writes both."""
    o, n = quote_identifier(old), quote_identifier(new)
    return _named(
        table,
        old,
        "  IF TG_OP = 'INSERT' THEN\n"
        f"    NEW.{n} := coalesce(NEW.{n}, NEW.{o});\n"
        f"    NEW.{o} := NEW.{n};\n"
        f"  ELSIF NEW.{n} IS DISTINCT FROM OLD.{n} THEN\n"
        f"    NEW.{o} := NEW.{n};\n"
        "  ELSE  -- the old name was written, or this row is not filled yet\n"
        f"    NEW.{n} := NEW.{o};\n"
        "  END IF;\n",
    )


def in_step(table: Name, forward: Mapping[str, str], back: Mapping[str, str]) -> Sync:
    """Two shapes of one value: by new column and by old column, each made of the others.

    Whichever is written, the other follows; the new one wins where one statement writes both. What neither side of a
    row has changed stays, because a value may not come back the same.
    """
    news = ", ".join(f"NEW.{quote_identifier(each)}" for each in forward)
    were = ", ".join(f"OLD.{quote_identifier(each)}" for each in forward)
    olds = ", ".join(f"NEW.{quote_identifier(each)}" for each in back)
    old_were = ", ".join(f"OLD.{quote_identifier(each)}" for each in back)
    to_new = [f"NEW.{quote_identifier(each)} := {qualified(text, 'new')};" for each, text in forward.items()]
    to_old = [f"NEW.{quote_identifier(each)} := {qualified(text, 'new')};" for each, text in back.items()]
    kept = [
        f"NEW.{quote_identifier(each)} := coalesce(NEW.{quote_identifier(each)}, {qualified(text, 'old')});"
        for each, text in forward.items()
    ]
    unfilled = (
        f"    IF num_nonnulls({were}) = 0 THEN  -- not filled yet: keep the part that was not written\n"
        f"{_block(kept, 6)}    END IF;\n"
    )
    return _named(
        table,
        next(iter(back)),
        "  IF TG_OP = 'INSERT' THEN\n"
        f"    IF num_nonnulls({news}) > 0 THEN\n{_block(to_old, 6)}    ELSE\n{_block(to_new, 6)}    END IF;\n"
        f"  ELSIF ({news}) IS DISTINCT FROM ({were}) THEN\n"
        f"{unfilled if len(forward) > 1 else ''}{_block(to_old, 4)}"
        f"  ELSIF ({olds}) IS DISTINCT FROM ({old_were}) OR num_nonnulls({news}) = 0 THEN\n{_block(to_new, 4)}"
        "  END IF;\n",
    )


def _block(lines: list[str], indent: int) -> str:
    return "".join(f"{' ' * indent}{line}\n" for line in lines)


def one_way(table: Name, named_after: str, filled: Mapping[str, str]) -> Sync:
    """By column: it is always what the expression over NEW gives."""
    body = "".join(f"  NEW.{quote_identifier(column)} := {expression};\n" for column, expression in filled.items())
    return _named(table, named_after, body)


def _named(table: Name, column: str, body: str) -> Sync:
    function = beside(table, "sync", column)
    return Sync(table, trigger_name(function), function, body)


def trigger_name(function: Name) -> str:
    """The trigger that runs the function, quoted where it has to be: it comes last by its name."""
    return quote_identifier(f"zzz_zdtui_{function.name}"[:63])
