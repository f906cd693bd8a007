"""Rows, what a role may not read, and the quick look, on real servers."""

import pytest

from tests.fix_db import Database
from zdtui.demo.dumper import find_dumper
from zdtui.errors import TargetError
from zdtui.fingerprint.compare import compare
from zdtui.fingerprint.fingerprint import Fingerprint
from zdtui.fingerprint.quick import quick_hash
from zdtui.fingerprint.take import take
from zdtui.fingerprint.verdict import VerdictKind
from zdtui.postgres.sessions.connect import connect
from zdtui.postgres.target.target import Target

TABLES = ("public.t", "public.nobody")
T = "CREATE TABLE t (a int, b text); INSERT INTO t VALUES (1, 'x'), (2, 'y')"


async def look(database: Database, like: Fingerprint | None = None, user: str = "postgres") -> Fingerprint:
    return await take(Target(database.dsn(user)), find_dumper(18), tables=() if like else TABLES, like=like)


async def test_rows_are_the_same_whatever_the_order_of_rows_and_columns(server18: Database) -> None:
    server18.execute(T)
    before = await look(server18)
    assert before.data["public.t"].rows == 2
    server18.execute("ALTER TABLE t ADD c int; UPDATE t SET c = a; ALTER TABLE t DROP a; ALTER TABLE t RENAME c TO a")
    server18.execute("ALTER TABLE t ADD d int; ALTER TABLE t DROP d")
    assert compare(before, await look(server18, before)).sentence.startswith("exact but for column order")
    server18.execute("UPDATE t SET b = CASE a WHEN 1 THEN 'y' ELSE 'x' END")
    changed = compare(before, await look(server18, before))
    assert [(each.kind, each.name) for each in changed.differences] == [("ROWS", "public.t")]
    server18.execute("ALTER TABLE t DROP b")
    gone = compare(before, await look(server18, before))
    assert gone.kind is VerdictKind.DIFFERS
    assert "the rows of public.t: column b is not there any more" in gone.unread


async def test_what_a_role_may_not_read_is_said_and_makes_no_exact(server18: Database) -> None:
    server18.execute(f"CREATE SEQUENCE s; {T}")
    server18.execute("REVOKE ALL ON SEQUENCE s FROM zdtui; ALTER TABLE t ENABLE ROW LEVEL SECURITY", "postgres")
    server18.execute("ALTER TABLE t FORCE ROW LEVEL SECURITY")
    before = await look(server18, user="zdtui")
    assert before.unread == (
        "the position of public.s: no privilege to read it",
        "the rows of public.t: row security hides rows from this role",
    )
    assert compare(before, await look(server18, before, "zdtui")).kind is VerdictKind.UNKNOWN
    server18.execute("CREATE TABLE closed (a int)", "postgres")
    with pytest.raises(TargetError, match="permission denied for table closed"):
        await look(server18, user="zdtui")


async def test_a_quick_look_names_the_part_and_is_the_same_for_what_was_made_anew(server: Database) -> None:
    server.execute(f"{T}; CREATE INDEX i ON t (b); CREATE VIEW v AS SELECT a FROM t")
    async with await connect(Target(server.dsn()), application_name="test") as session:
        before = await quick_hash(session)
        server.execute("DROP INDEX i; CREATE INDEX i ON t (b); DROP VIEW v; CREATE VIEW v AS SELECT a FROM t")
        assert (await quick_hash(session)).changed_since(before) == ()
        async with session.transaction(force_rollback=True):
            await session.execute("ALTER TABLE public.t ADD d integer DEFAULT 1")
            assert (await quick_hash(session)).changed_since(before) == ("columns",)
        server.execute("COMMENT ON TABLE t IS 'said'; COMMENT ON VIEW v IS 'too'")
        assert (await quick_hash(session)).changed_since(before) == ("comments",)
        said = await quick_hash(session)
        server.execute("COMMENT ON TABLE t IS 'too'; COMMENT ON VIEW v IS 'said'")
        assert (await quick_hash(session)).changed_since(said) == ("comments",)
