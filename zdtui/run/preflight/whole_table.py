"""Whether a step reaches every row of a table from here, and why not. One place for backfill, copy, compare and board.

*Nothing to do* and *all rows* are only ever said of a table that passed here: its rows are on this server, this role
sees them all, and an UPDATE of it changes them.
"""

from collections.abc import Iterable, Sequence

from zdtui.errors import TargetError
from zdtui.postgres.ask import Connection
from zdtui.postgres.stored import Stored, find_stored
from zdtui.steps.kind import Use

NOT_A_TABLE = {
    "i": "an index",
    "I": "an index",
    "S": "a sequence",
    "c": "a composite type",
    "t": "what TOAST keeps of a table",
}
NO_UPDATES = frozenset({"columnar"})
"""Access methods that refuse UPDATE."""
UNREAD = "zdtui does not work on tables whose rows are on several servers"


def not_on_this_server(each: Stored) -> str | None:
    """Why rows of the relation are out of reach, whatever is done with it; None when they are here."""
    called = _called(each)
    if not each.kind:
        return f"{called} is a name that pg_class does not show: it may be a shard that Citus hides; {UNREAD}"
    if each.distributed is None:
        return f"whether Citus has distributed {called} could not be seen: pg_dist_partition is not to be read"
    if each.distributed:
        return f"{called} is distributed by Citus: its rows are on other servers, and {UNREAD}"
    if each.kind == "f":
        return f"{called} is a foreign table: its rows are on another server ({each.foreign_server}); change them there"
    return None


def rows_hidden(each: Stored) -> str | None:
    """Why this role does not see all rows of the relation; None when it does."""
    if not each.row_security:
        return None
    return (
        f"row security hides rows of {_called(each)} from this role: what it does not see it would call done; "
        "connect as a role with BYPASSRLS, or as the owner after ALTER TABLE ... NO FORCE ROW LEVEL SECURITY"
    )


def not_changed(each: Stored) -> str | None:
    """Why an UPDATE of the relation would not change its rows, as far as the catalog tells."""
    called, shown = _called(each), ", ".join(each.reads) or "what it is made from"
    if each.kind in NOT_A_TABLE:
        return f"{called} is {NOT_A_TABLE[each.kind]}, not a table"
    if each.kind == "v":
        return f"{called} is a view: name the table it shows ({shown})"
    if each.kind == "m":
        return f"{called} is a materialized view, which no UPDATE changes: change {shown}, then REFRESH it"
    if each.access_method in NO_UPDATES:
        return f"{called} is stored as {each.access_method}, which takes no UPDATE: copy it into another table"
    rules = [rule.partition(" ")[2] for rule in each.instead if rule.startswith("UPDATE ")]
    if rules:
        return (
            f"{called} has a rule that does something else instead of an UPDATE ({', '.join(rules)}): "
            "its rows would stay as they are; disable or drop the rule"
        )
    return None


def why_not_whole(found: Iterable[Stored], use: Use) -> str | None:
    """The first reason why not every row is reached, in one sentence; None when every one is."""
    for each in found:
        reason = not_on_this_server(each) or (not_changed(each) if use is Use.CHANGED else None) or rows_hidden(each)
        if reason is not None:
            return reason
    return None


async def refuse_unless_whole(connection: Connection, tables: Sequence[str], use: Use) -> tuple[Stored, ...]:
    """What the tables are. Raises TargetError with the reason when not every row of them is reached.

    A table that is not there has nothing in the answer: what is asked of it next says so.
    """
    found = await find_stored(connection, tables)
    if reason := why_not_whole(found, use):
        raise TargetError(reason)
    return found


def _called(each: Stored) -> str:
    """The relation; of a partition or child, also whose it is."""
    return each.relation if each.itself else f"{each.relation} (part of {each.name})"
