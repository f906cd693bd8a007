"""One thing that a wrong rollback leaves different, and what has to be said of it."""

from dataclasses import dataclass

from zdtui.fingerprint.verdict import VerdictKind


@dataclass(frozen=True)
class Case:
    """`{k}` is a schema of the case's own; objects that are in no schema are called by its name too."""

    name: str
    before: str
    change: str
    says: str
    """What stands in the verdict's lines."""
    kind: VerdictKind = VerdictKind.DIFFERS
    since: int = 13
    """The first major version on which it can be tried."""
    fails: bool = False
    """The change ends in an error, as a unique index does that is built on duplicates."""
    elsewhere: tuple[tuple[str, str], ...] = ()
    """Objects that have not the case's name: ('DATABASE', 'this database'). No two cases share one."""
