"""The target's schema as SQL, to be made again on a scratch server: never a row of data."""

from zdtui.fingerprint.dumper import Dumper, dumped
from zdtui.postgres.encoding import UTF8
from zdtui.postgres.journal.place import JOURNAL, REHEARSAL
from zdtui.postgres.target.target import Target

OPTIONS = (
    *("--schema-only", "--no-subscriptions", "--no-security-labels", "--no-tablespaces"),
    *(f"--exclude-schema={each}" for each in (JOURNAL, REHEARSAL)),
)
"""Subscriptions would be another subscriber, labels need their provider, tablespaces are folders of its own."""


async def dump_schema(target: Target, dumper: Dumper, encoding: str = UTF8) -> str:
    """The schema as SQL. Raises TargetError, with one sentence, when it could not be read.

    `encoding`: the database's. From SQL_ASCII bytes that are no text come as half characters, as a session reads them.
    """
    return await dumped(target, dumper, OPTIONS, encoding, "zdtui trace")
