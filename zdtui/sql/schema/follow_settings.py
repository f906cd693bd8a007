"""What is known of the session's time zone after a statement, which decides of some changes of type."""

from zdtui.sql.operation import TIME_ZONE, Operation
from zdtui.sql.schema.relations import Schema
from zdtui.sql.schema.types import is_utc


def set_(schema: Schema, operation: Operation) -> None:
    """SET TIME ZONE; no other parameter decides of what a statement does."""
    if operation.parameters != (TIME_ZONE,):
        return
    said = (operation.expression or "").strip().upper()
    in_utc = None if said in ("DEFAULT", "LOCAL") else is_utc(said)
    if "LOCAL" in operation.words:
        schema.in_utc_locally = in_utc
    else:
        schema.in_utc, schema.in_utc_locally = in_utc, None


def reset(schema: Schema, operation: Operation) -> None:
    """To what nobody has said."""
    if operation.kind == "DISCARD" or operation.parameters in ((TIME_ZONE,), ("all",)):
        schema.in_utc = schema.in_utc_locally = None


def end(schema: Schema, operation: Operation) -> None:
    """What a transaction has set for itself is gone with it; a SET that is taken back may be, too."""
    schema.in_utc_locally = None
    if operation.kind == "ROLLBACK":
        schema.in_utc = None
