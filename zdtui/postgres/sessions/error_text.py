"""What the server says of an error, for people."""

import psycopg

from zdtui.postgres.encoding import readable

ROW_SECURITY = "check_enable_rls"
"""The function of the server that refuses a query whose rows a policy would hide: its words may be in any language."""


def sentence(error: psycopg.Error) -> str:
    """The server's message with its detail and hint, on one line."""
    diagnostic = error.diag
    parts = [diagnostic.message_primary or str(error), diagnostic.message_detail, diagnostic.message_hint]
    if diagnostic.source_function == ROW_SECURITY:
        parts.append("every row has to be seen: connect as a role with BYPASSRLS")
    return " · ".join(" ".join(readable(part).split()) for part in parts if part)
