"""What should not stand in a file that many read."""

from collections.abc import Iterator

from zdtui.hazards.context import Context
from zdtui.hazards.hazard import Safer, Severity
from zdtui.hazards.rule import DOCUMENTATION, Example, Found, Rule
from zdtui.sql.text.secrets import secrets_in

VERIFIER = "SCRAM-SHA-256$"


def _password(context: Context) -> Iterator[Found]:
    if any(not value.startswith(VERIFIER) for value in secrets_in(context.statement.text)):
        yield Found(
            sentence="a password stands in the plan: whoever reads the file, the server's log or pg_stat_activity has "
            "it; the console strikes it out of its journal and reports",
            safer=Safer(
                sentence="make the role or the connection without it here, and set the password by hand, with psql's "
                "\\password, which sends only a SCRAM verifier; or write the verifier into the plan"
            ),
        )


RULES = (
    Rule(
        name="password-in-plan",
        severity=Severity.WARN,
        title="A password in the text of a statement",
        why="A plan is kept in version control and read by many. The server writes statements to its log and shows "
        "them in pg_stat_activity as they are sent, and a password with them.",
        find=_password,
        example=Example(
            given="CREATE ROLE reporting_zdtui_example",
            bad="ALTER ROLE reporting_zdtui_example PASSWORD 'correct horse';",
            good="ALTER ROLE reporting_zdtui_example LOGIN;",
        ),
        sources=(f"{DOCUMENTATION}sql-createrole.html", f"{DOCUMENTATION}auth-password.html"),
    ),
)
