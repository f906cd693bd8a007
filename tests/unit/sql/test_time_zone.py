"""timestamp to timestamptz leaves the rows as they are in UTC alone: what the text says of the zone is followed."""

import pytest

from zdtui.sql.predict import ZONE_DOUBT, effects
from zdtui.sql.schema.follow import follow
from zdtui.sql.schema.relations import Schema
from zdtui.sql.split import split

CHANGE = "ALTER TABLE t ALTER at TYPE timestamptz"


def after(sql: str, in_utc: bool | None = None) -> Schema:
    known = Schema(complete=in_utc is not None, in_utc=in_utc)
    for statement in split(f"CREATE TABLE t (at timestamp); INSERT INTO t DEFAULT VALUES; {sql}"):
        for operation in statement.operations:
            follow(known, operation)
    return known


@pytest.mark.parametrize(
    ("sql", "in_utc"),
    [
        ("", None),
        ("SET TimeZone TO 'UTC'", True),
        ("SET timezone = utc", True),
        ("SET TIME ZONE 'Etc/UTC'", True),
        ("SET SESSION TIME ZONE GMT", True),
        ("SET TIME ZONE 'Europe/London'", False),
        ("SET TIME ZONE 'UTC'; SET TIME ZONE DEFAULT", None),
        ("SET TIME ZONE 'UTC'; RESET TIME ZONE", None),
        ("SET TIME ZONE 'UTC'; RESET timezone", None),
        ("SET TIME ZONE 'UTC'; RESET ALL", None),
        ("SET TIME ZONE 'UTC'; DISCARD ALL", None),
        ("SET TIME ZONE 'UTC'; RESET lock_timeout", True),
        ("BEGIN; SET LOCAL TIME ZONE 'UTC'", True),
        ("BEGIN; SET LOCAL TIME ZONE 'UTC'; COMMIT", None),
        ("SET TIME ZONE 'UTC'; BEGIN; SET LOCAL TIME ZONE 'Asia/Tokyo'", False),
        ("SET TIME ZONE 'UTC'; BEGIN; SET LOCAL TIME ZONE 'Asia/Tokyo'; COMMIT", True),
        ("BEGIN; SET TIME ZONE 'UTC'; ROLLBACK", None),
        ("SET search_path TO utc", None),
    ],
)
def test_the_zone_is_followed(sql: str, in_utc: bool | None) -> None:
    assert after(sql).is_utc is in_utc


@pytest.mark.parametrize(
    ("in_utc", "rewrites", "doubt"), [(None, True, ZONE_DOUBT), (True, False, ""), (False, True, "")]
)
def test_where_the_zone_is_not_known_the_worst_is_said(in_utc: bool | None, rewrites: bool, doubt: str) -> None:
    (statement,) = split(CHANGE)
    found = effects(statement.operations, after("", in_utc), 18)
    assert (bool(found.rewrites), found.doubt, found.certain) == (rewrites, doubt, not doubt)


def test_other_changes_are_not_in_doubt_for_the_zone() -> None:
    (statement,) = split("ALTER TABLE t ALTER at TYPE timestamp(6)")
    found = effects(statement.operations, after(""), 18)
    assert (found.rewrites, found.doubt) == ((), "")
