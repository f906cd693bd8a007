"""What is read of a server's tables, on the schema of the corpus: everything a prediction rests on."""

from collections.abc import Callable

import psycopg
import pytest

from tests.corpus.observing import TEMPLATE
from tests.fix_db import Database
from zdtui.demo.embedded import Cluster
from zdtui.postgres.catalog import read_schema
from zdtui.sql.schema.relations import Check, Domain, ForeignKey, KnownColumn, Relation, RelationKind, Schema
from zdtui.sql.text.name import Name


@pytest.fixture
async def known(corpus_server: Cluster) -> Schema:
    async with await psycopg.AsyncConnection.connect(corpus_server.dsn(TEMPLATE), autocommit=True) as connection:
        return await read_schema(connection)


def name(bare: str) -> Name:
    return Name("public", bare)


def names(*bare: str) -> set[Name]:
    return set(map(name, bare))


def get(known: Schema, bare: str) -> Relation:
    found = known.find(Name(None, bare))
    assert found is not None, bare
    return found


async def test_it_is_all_there_is(known: Schema) -> None:
    assert known.complete
    assert known.search_path == ("public",)
    assert {each.schema for each in known.relations} == {"public"}
    assert known.find(Name(None, "pg_class")) is None


@pytest.mark.parametrize(
    ("bare", "kind"),
    [
        ("users", RelationKind.TABLE),
        ("measure", RelationKind.PARTITIONED),
        ("measure_1", RelationKind.TABLE),
        ("users_pkey", RelationKind.INDEX),
        ("measure_v_idx", RelationKind.PARTITIONED_INDEX),
        ("measure_1_v_idx", RelationKind.INDEX),
        ("simple", RelationKind.VIEW),
        ("totals", RelationKind.MATERIALIZED_VIEW),
        ("ticket", RelationKind.SEQUENCE),
    ],
)
async def test_kinds(known: Schema, bare: str, kind: RelationKind) -> None:
    assert get(known, bare).kind is kind


async def test_columns_with_their_types(known: Schema) -> None:
    users = get(known, "users")
    assert users.column("id") == KnownColumn("id", "integer", not_null=True, identity=True)
    assert users.column("email") == KnownColumn("email", "character varying(100)", not_null=True)
    assert users.column("score") == KnownColumn("score", "numeric(10,2)")
    assert users.column("tags") == KnownColumn("tags", "text[]")
    assert users.column("amount") == KnownColumn("amount", "positive")
    assert users.column("nothing") is None


async def test_a_dropped_column_is_gone_and_a_collation_known(corpus_server: Cluster) -> None:
    async with await psycopg.AsyncConnection.connect(corpus_server.dsn(TEMPLATE), autocommit=True) as connection:
        await connection.execute("BEGIN")
        await connection.execute('ALTER TABLE lone DROP COLUMN v, ADD COLUMN "Größe" text COLLATE "C"')
        lone = get(await read_schema(connection), "lone")
        await connection.execute("ROLLBACK")
    assert lone.columns == (
        KnownColumn("id", "integer"),
        KnownColumn("w", "integer"),
        KnownColumn("Größe", "text", collation="C"),
    )


async def test_indexes_know_their_table_columns_and_constraint(known: Schema) -> None:
    expected = {"users_pkey", "users_email_key", "users_name_idx", "users_age_idx", "users_code_uq"}
    assert {each.name for each in known.indexes_of(name("users"))} == names(*expected)
    key, partial, plain = (get(known, each) for each in ("items_pkey", "users_age_idx", "orders_ref_uq"))
    assert (key.primary, key.unique, key.constraint) == (True, True, "items_pkey")
    assert set(key.indexed) == {"order_id", "line"}
    assert (partial.unique, partial.indexed, partial.constraint) == (False, ("age",), None)
    assert (plain.unique, plain.primary, plain.constraint) == (True, False, None)
    assert known.index_of_constraint(name("users"), "users_pkey") == get(known, "users_pkey")


async def test_partitions_and_inheritance(known: Schema) -> None:
    assert {each.name for each in known.children_of(name("ledger"))} == names("ledger_1", "ledger_rest")
    assert {each.name for each in known.children_of(name("measure_v_idx"))} == names(
        "measure_1_v_idx", "measure_2_v_idx"
    )
    rest, ordinary, dog = (get(known, each) for each in ("ledger_rest", "ledger_1", "dog"))
    assert (rest.is_partition, rest.is_default, rest.parents) == (True, True, (name("ledger"),))
    assert (ordinary.is_partition, ordinary.is_default) == (True, False)
    assert (dog.is_partition, dog.parents) == (False, (name("animal"),))
    assert get(known, "scratchpad").unlogged
    assert not get(known, "users").unlogged


async def test_foreign_keys_from_both_sides(known: Schema) -> None:
    assert known.foreign_key(name("orders"), "orders_user_id_fkey") == ForeignKey(
        name="orders_user_id_fkey",
        table=name("orders"),
        columns=("user_id",),
        references=name("users"),
        referenced_columns=("id",),
        cascades=True,
    )
    unproved = known.foreign_key(name("orders"), "orders_org_fk")
    assert unproved is not None
    assert (unproved.validated, unproved.cascades) == (False, False)
    assert {key.table for key in known.referencing(name("org"))} == names("users", "orders")
    assert {key.references for key in known.referenced_by(name("self_ref"))} == names("self_ref")
    composite = known.foreign_key(name("entry"), "entry_id_k_fkey")
    assert composite is not None
    assert (composite.columns, composite.references) == (("id", "k"), name("ledger"))


async def test_checks_and_what_they_prove(known: Schema) -> None:
    assert known.check(name("users"), "users_seen_nn") == Check(
        name="users_seen_nn", table=name("users"), columns=("seen",), proves_not_null=("seen",)
    )
    score = known.check(name("users"), "users_score_check")
    assert score is not None
    assert (score.validated, score.proves_not_null) == (False, ())
    assert {each.table for each in known.checks if each.name == "animal_legs_check"} == names("animal", "dog", "cat")


async def test_not_null_is_a_constraint_from_18_on(known: Schema, corpus_server: Cluster) -> None:
    own = {each.name for each in known.checks if each.table == name("staged") and each.not_null_only}
    assert own == ({"staged_id_not_null", "staged_at_not_null"} if corpus_server.binaries.major >= 18 else set())


async def test_views_know_what_they_read(known: Schema) -> None:
    assert get(known, "tagged").reads == (name("users"),)
    assert get(known, "tagged").reads_columns == {(name("users"), "id"), (name("users"), "tags")}
    assert get(known, "totals").reads_columns == {(name("orders"), "user_id")}
    assert {each.name for each in known.views_on(name("orders"))} == names("totals", "plain_totals")


async def test_sequences_know_their_owner(known: Schema) -> None:
    assert {each.name for each in known.sequences_of(name("users"))} == names("users_id_seq")
    assert (get(known, "ticket").table, get(known, "ticket").indexed) == (name("orders"), ("id",))
    assert get(known, "lone_ticket").table is None


def domains(known: Schema) -> object:
    return known.domains


def triggers(known: Schema) -> object:
    return known.triggers


def policies_and_rules(known: Schema) -> object:
    return {each for each in known.policies if each[0].schema == "public"}


def publications(known: Schema) -> object:
    return {publication: set(tables) for publication, tables in known.published.items()}


def statistics(known: Schema) -> object:
    return known.statistics


def steady_functions(known: Schema) -> object:
    return known.steady_functions


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        (domains, {"positive": Domain("integer", True), "label": Domain("character varying(20)", False)}),
        (triggers, {(name("users"), "users_touch"): name("users")}),
        (policies_and_rules, {(name("users"), "mine"), (name("lone"), "lone_log")}),
        (publications, {"changes": names("users", "orders")}),
        (statistics, {"users_stats": name("users")}),
        (steady_functions, {"one"}),
    ],
    ids=lambda part: getattr(part, "__name__", ""),
)
async def test_what_is_not_a_relation(known: Schema, part: Callable[[Schema], object], expected: object) -> None:
    assert part(known) == expected


async def test_reading_takes_no_lock_on_anybody_s_table(corpus_server: Cluster) -> None:
    async with (
        await psycopg.AsyncConnection.connect(corpus_server.dsn(TEMPLATE), autocommit=True) as other,
        await psycopg.AsyncConnection.connect(corpus_server.dsn(TEMPLATE), autocommit=True) as connection,
    ):
        await other.execute("BEGIN")
        await other.execute("LOCK TABLE users, orders, measure IN ACCESS EXCLUSIVE MODE")
        await connection.execute("SET lock_timeout = '5s'")
        assert get(await read_schema(connection), "users").columns
        await other.execute("ROLLBACK")


EXPRESSIONS = (
    "a IS NOT NULL",
    "a IS NOT NULL AND b IS NOT NULL",
    "a IS NOT NULL AND (b > 0 AND v IS NOT NULL)",
    "a IS NOT NULL AND (b IS NOT NULL OR v IS NOT NULL)",
    "a IS NOT NULL OR b IS NOT NULL",
    '"A {b" IS NOT NULL',
    "a IS NULL",
    "NOT (a IS NOT NULL)",
    "(a IS NOT NULL) = false",
    "coalesce(a IS NOT NULL, true)",
    "CASE WHEN a IS NOT NULL THEN true ELSE b > 0 END",
    "v <> 'a IS NOT NULL' AND v <> '} {('",
    "(v || v) IS NOT NULL",
    "a::text IS NOT NULL",
    "a > 0",
)
PROVED_BY_THE_SERVER_ALONE = {(19, "coalesce(a IS NOT NULL, true)")}
"""From 19 on it leaves out a coalesce() of what is never NULL. We say that the table is read, which is the safe side."""


@pytest.mark.parametrize("expression", EXPRESSIONS)
async def test_a_check_proves_what_spares_the_server_reading_the_table(server: Database, expression: str) -> None:
    """With client_min_messages at debug1 the server says when a constraint proves a column to hold no NULL."""
    spared: set[str] = set()
    async with await server.aconnect() as connection:
        await connection.execute(
            f'CREATE TABLE t (gone int, a int, b int, v text, "A {{b" int, CHECK ({expression}))'.encode()
        )
        await connection.execute("ALTER TABLE t DROP COLUMN gone; SET client_min_messages = debug1")
        (check,) = [each for each in (await read_schema(connection)).checks if not each.not_null_only]
        for column in ("a", "b", "v", "A {b"):
            said: list[str] = []
            connection.add_notice_handler(note := lambda notice, said=said: said.append(notice.message_primary or ""))
            await connection.execute(f'BEGIN; ALTER TABLE t ALTER "{column}" SET NOT NULL; ROLLBACK'.encode())
            connection.remove_notice_handler(note)
            spared |= {column} if any("sufficient to prove" in each for each in said) else set()
    proves = set(check.proves_not_null)
    assert proves <= spared, "a server that would read the table is never said to be spared it"
    if (server.cluster.binaries.major, expression) not in PROVED_BY_THE_SERVER_ALONE:
        assert proves == spared


async def test_the_columns_of_a_key_are_in_its_own_order(server: Database) -> None:
    async with await server.aconnect() as connection:
        await connection.execute("CREATE TABLE p (a int, b int, PRIMARY KEY (b, a))")
        await connection.execute("CREATE TABLE c (x int, y int, CONSTRAINT k FOREIGN KEY (y, x) REFERENCES p (b, a))")
        key = (await read_schema(connection)).foreign_key(name("c"), "k")
    assert key is not None
    assert (key.columns, key.referenced_columns) == (("y", "x"), ("b", "a"))
