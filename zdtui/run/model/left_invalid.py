"""What a failed CONCURRENTLY statement left behind, in words and one by one. Pure."""

from zdtui.sql.statement import Statement
from zdtui.sql.text.quote import identifier_parts


def said_of(left: tuple[str, ...], why: str) -> str:
    """'a_idx was left invalid: ...', 'a_ccnew, b_ccnew were left invalid: ...'."""
    return f"{', '.join(left)} {'was' if len(left) == 1 else 'were'} left invalid: {why}"


def without(left: tuple[str, ...], gone: str) -> tuple[str, ...]:
    """Those that are left when one is gone, be it written with its schema or not."""
    name = identifier_parts(gone)[-1]
    return tuple(each for each in left if identifier_parts(each)[-1] != name)


def half_detached(statement: Statement) -> str:
    """What finishes a detaching that stopped half way."""
    text = " ".join(statement.text.split())
    finish = text[: text.upper().rindex("CONCURRENTLY")] + "FINALIZE"
    return f"the partition is detached half way; in psql, {finish} ends that"
