"""What is measured beside a rehearsal: names that the place of the run finds again, and what nobody saw said so."""

from tests.fix_db import Database
from tests.integration.run.driver import do
from zdtui.demo.embedded import SUPERUSER
from zdtui.evidence.model import RelationSize
from zdtui.postgres.relation_sizes import read_sizes
from zdtui.postgres.target.target import Target
from zdtui.rehearse.measuring import measuring
from zdtui.sql.text.name import Name

LARGE = 64 * 1024
TABLES = """
CREATE TABLE users ();
CREATE TABLE "Users" AS SELECT g AS id, repeat('x', 100) AS x FROM generate_series(1, 2000) g;
CREATE TABLE parts (id int, x text) PARTITION BY LIST (id);
CREATE TABLE parts_1 PARTITION OF parts FOR VALUES IN (1);
INSERT INTO parts SELECT 1, repeat('x', 100) FROM generate_series(1, 2000);
ANALYZE;
"""


async def test_sizes_are_found_again_by_their_names_and_what_was_not_seen_is_unknown(server18: Database) -> None:
    """A name in capitals is another table than the one in small letters; a partitioned one is as large as its parts."""
    await do(server18.dsn(), TABLES)
    await do(
        server18.dsn(SUPERUSER), f'REVOKE TEMPORARY ON DATABASE "{server18.name}" FROM PUBLIC, CURRENT_USER, zdtui'
    )
    notes: list[str] = []
    async with measuring(Target(server18.dsn()), "nobody", notes.append) as looking:
        before = await looking.before()
        sizes = before.sizes(frozenset({Name("public", "Users"), Name("public", "parts"), Name("public", "users")}))
        async with looking.watching():
            pass
        measured = await looking.after(before, None)
        there = await read_sizes(looking.figures, [each.relation for each in sizes])
    assert [each.relation for each in sizes] == ['public."Users"', "public.parts", "public.users"]
    assert [_is_large(each) for each in sizes] == [True, True, False]
    assert [there[each.relation].bytes > LARGE for each in sizes] == [True, True, False]
    assert (measured.locks(1.0), measured.scans) == (None, None)
    assert any(each.startswith("locks were not seen: ") for each in notes), notes
    assert "what a step read whole was not seen: its session was lost" in notes


def _is_large(of: RelationSize) -> bool:
    return of.bytes > LARGE
