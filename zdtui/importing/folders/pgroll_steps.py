"""What pgroll's operations share: steps made of texts, constraints that are proved, rows that are mended. Pure."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from zdtui.plan.model import (
    Action,
    BackfillAction,
    NoRollback,
    Phase,
    Rollback,
    SqlAction,
    SqlRollback,
    Step,
    StepId,
)
from zdtui.sql.text.quote import quote_identifier as quoted

Given = Mapping[str, Any]


class NotReadError(Exception):
    """Why an operation has no steps, as half a sentence."""


def step(title: str, phase: Phase, action: Action | str, back: Rollback | str) -> Step:
    """A step of these statements, there and back."""
    action = SqlAction(sql=f"{action};\n") if isinstance(action, str) else action
    rollback = SqlRollback(sql=f"{back};\n") if isinstance(back, str) else back
    return Step(id=StepId("-"), title=title[:200], phase=phase, action=action, rollback=rollback)


def short(name: str) -> str:
    """The name as SQL has it, cut to what PostgreSQL keeps of it."""
    return quoted(name[:63])


def expression(up: Any) -> str:
    """What pgroll is given as a value: an expression, or a query that has one."""
    text = str(up).strip().rstrip(";")
    return f"({text})" if re.match(r"SELECT\b", text, re.IGNORECASE) else text


def when_it_goes(key: Given) -> str:
    """The actions of a foreign key, and when it is looked at."""
    events = (("DELETE", "on_delete"), ("UPDATE", "on_update"))
    said = [f" ON {when} {key[name]}" for when, name in events if key.get(name)]
    said += [" DEFERRABLE"] if key.get("deferrable") else []
    return "".join([*said, *([" INITIALLY DEFERRED"] if key.get("initially_deferred") else [])])


def mended(table: str, column: str, broken: str, up: str, kept: str) -> Iterator[Step]:
    """Rows for which `broken` is true get `up` there: by a trigger what is written, by a backfill the rest.

    `kept`: why the backfill needs no way back.
    """
    relation, name, what = quoted(table), quoted(column), f"{table}.{column}"
    trigger = short(f"_pgroll_trigger_{table}_{column}")
    make = (
        f"CREATE FUNCTION {trigger}() RETURNS trigger LANGUAGE plpgsql AS $function$\nBEGIN\n"
        f"  SELECT CASE WHEN {broken} THEN {up} ELSE {name} END INTO NEW.{name} FROM (SELECT NEW.*) AS {relation};\n"
        f"  RETURN NEW;\nEND\n$function$;\n"
        f"CREATE TRIGGER {trigger} BEFORE INSERT OR UPDATE ON {relation}\n  FOR EACH ROW EXECUTE FUNCTION {trigger}()"
    )
    drop = f"DROP TRIGGER {trigger} ON {relation};\nDROP FUNCTION {trigger}()"
    yield step(f"{what} is filled as rows are written", Phase.DUAL_WRITE, make, drop)
    fill = BackfillAction(table=relation, assignments=((name, up),), where=broken)
    yield step(f"{what} is filled where it has to be", Phase.BACKFILL, fill, NoRollback(reason=kept))
    yield step(f"{what} needs no trigger any more", Phase.CONTRACT, drop, make)


def proved(table: str, name: str, definition: str) -> Iterator[Step]:
    """A constraint that is there for new rows first, and is then proved for the others beside the traffic."""
    change = f"ALTER TABLE {quoted(table)}"
    added = f"{change} ADD CONSTRAINT {quoted(name)} {definition} NOT VALID"
    yield step(f"{name} holds from now on", Phase.VERIFY, added, f"{change} DROP CONSTRAINT {quoted(name)}")
    no_harm = NoRollback(reason="that the rows are proved does no harm")
    yield step(f"{name} is proved", Phase.VERIFY, f"{change} VALIDATE CONSTRAINT {quoted(name)}", no_harm)


def never_null(table: str, column: str) -> Iterator[Step]:
    """NOT NULL by a constraint that is proved first, so that setting it need not scan."""
    check = f"_pgroll_check_not_null_{column}"[:63]
    change, definition = f"ALTER TABLE {quoted(table)}", f"CHECK ({quoted(column)} IS NOT NULL)"
    yield from proved(table, check, definition)
    end = f"{change} ALTER COLUMN {quoted(column)} SET NOT NULL;\n{change} DROP CONSTRAINT {quoted(check)}"
    back = (
        f"{change} ADD CONSTRAINT {quoted(check)} {definition} NOT VALID;\n"
        f"{change} ALTER COLUMN {quoted(column)} DROP NOT NULL"
    )
    yield step(f"{table}.{column} is NOT NULL", Phase.SWITCH, end, back)


def unique(table: str, name: str, columns: str) -> Iterator[Step]:
    """A unique constraint by an index that is built beside the traffic."""
    change = f"ALTER TABLE {quoted(table)}"
    build = f"CREATE UNIQUE INDEX CONCURRENTLY {quoted(name)} ON {quoted(table)} ({columns})"
    yield step(f"Index of {name}", Phase.VERIFY, build, f"DROP INDEX CONCURRENTLY IF EXISTS {quoted(name)}")
    added = f"{change} ADD CONSTRAINT {quoted(name)} UNIQUE USING INDEX {quoted(name)}"
    yield step(f"{name} is a constraint", Phase.VERIFY, added, f"{change} DROP CONSTRAINT {quoted(name)}")
