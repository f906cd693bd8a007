"""What a step's statements must leave alone: the transaction, the session and the lock that the runner holds. Pure."""

from zdtui.sql.operation import Operation
from zdtui.sql.statement import Statement
from zdtui.sql.text.tokens import tokens

READ_ONLY = frozenset({"transaction_read_only", "default_transaction_read_only"})
ISOLATION = frozenset({"transaction_isolation", "transaction_deferrable"})
HOLDS_THE_RUN = "it would let go of the lock by which this console holds the run"


def takes_from_the_runner(statement: Statement) -> str | None:
    """Why the step cannot say this, as a sentence; None for everything else."""
    first = " ".join(statement.text.split())[:60]
    for operation in statement.operations:
        if (why := _why(operation)) is not None:
            return f"`{first}`: {why}; leave it out"
    words = {token.upper for token in tokens(statement.text)}
    if "PG_ADVISORY_UNLOCK_ALL" in words:
        return f"`{first}`: {HOLDS_THE_RUN}; leave it out"
    if {"PG_TERMINATE_BACKEND", "PG_BACKEND_PID"} <= words and "<" not in statement.text:
        return f"`{first}`: it would end the session that runs it; leave it out"
    return None


def _why(operation: Operation) -> str | None:
    name = operation.parameters[0].lower() if len(operation.parameters) == 1 else ""
    match operation.kind:
        case "DISCARD" if "ALL" in operation.words:
            return HOLDS_THE_RUN
        case "RESET" if name == "all":
            return "it would undo what zdtui has set for its session, limits too"
        case "SET TRANSACTION":
            return "the transaction is zdtui's own and has begun, and what it writes of the step is written in it"
        case "SET" if name in READ_ONLY | ISOLATION:
            return "what zdtui writes of the step is written in the same transaction"
        case _:
            return None
