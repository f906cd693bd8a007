"""How a session of ours came to its end, by its name: one function from an error to a sentence."""

import psycopg

ENDINGS = {
    "57P05": "the server ended our session because it was idle for too long (idle_session_timeout)",
    "25P03": "the server ended our session, idle in its transaction for too long (idle_in_transaction_session_timeout)",
    "25P04": "the server ended our session because its transaction was open for too long (transaction_timeout)",
    "57P01": "an administrator ended our session, or the server is being shut down",
    "57P02": "the server restarts after a crash of one of its processes and ended our session",
    "57P03": "the server is starting up or shutting down",
    "57P04": "the database was dropped",
}
"""By SQLSTATE (https://www.postgresql.org/docs/current/errcodes-appendix.html)."""


def how_it_ended(error: psycopg.Error) -> str:
    """One sentence. Without a SQLSTATE the server said nothing: the link was cut."""
    said = " ".join((error.diag.message_primary or str(error)).split())
    known = ENDINGS.get(error.sqlstate or "")
    if known is not None:
        return f"{known}: {said}" if said else known
    return said if error.sqlstate else f"the link was cut without a word from the server: {said}"
