"""Who uses a column, asked of a real server that counts statements."""

import json
import re

import pytest
from click.testing import CliRunner

from tests.fix_counting import MOST, SHOP, Counting
from tests.fix_db import Database
from zdtui.cli import cli
from zdtui.draft.draft import draft_plan
from zdtui.draft.live import known_of_server
from zdtui.errors import TargetError
from zdtui.plan.load import parse_plan
from zdtui.postgres.sessions.connect import Target
from zdtui.usage.ask import usage_now
from zdtui.usage.usage import Usage, Verdict


async def asked(database: Counting, what: str = "users.name", user: str = "zdtui") -> Usage:
    """What the server says of it now."""
    return await usage_now(Target(database.dsn(user)), what)


def texts(usage: Usage) -> list[str]:
    """The statements that use it, in one order."""
    assert usage.unread == ()
    return sorted(" ".join(each.text.split()) for each in usage.statements)


async def test_each_way_of_reading_it_is_found_and_other_columns_are_silent(counting: Counting) -> None:
    counting.execute("CREATE VIEW shown AS SELECT u.id, upper(u.name) AS big, u.email FROM users u")
    counting.execute(
        "CREATE FUNCTION name_of(i int) RETURNS text LANGUAGE plpgsql AS"
        " $$ BEGIN RETURN (SELECT name FROM users WHERE id = i); END $$"
    )
    counting.execute(
        "CREATE FUNCTION mail_of(i int) RETURNS text LANGUAGE sql AS 'SELECT email FROM users WHERE id = i'"
    )
    counting.execute("SELECT stats.pg_stat_statements_reset()", "postgres")
    with counting.connect() as app:
        for text in (
            "SELECT id, email FROM users WHERE id = 1",
            "SELECT u.email, o.name FROM users u JOIN orgs o ON o.id = u.org_id",
            "SELECT count(*) FROM users",
            "SELECT email FROM shown",
            "SELECT mail_of(1)",
            "UPDATE users SET email = 'x' WHERE id = 1",
            "SELECT now() - interval '1 day', EXTRACT(year FROM now()), date '2026-01-01'",
            "SET application_name = 'x'",
        ):
            app.execute(text)
    quiet = await asked(counting)
    assert texts(quiet) == []
    assert {each.what: each.in_the_way for each in quiet.dependents} == {
        "view public.shown": True,
        "function public.name_of(integer)": True,
        "index public.users_name": False,
    }
    with counting.connect() as app:
        app.execute("SELECT name FROM users WHERE id = 1")
        app.execute("SELECT u.name FROM users AS u ORDER BY u.email")
        app.execute("SELECT * FROM users")
        app.execute("SELECT big FROM shown")
        app.execute("SELECT name_of(1)")
        app.execute("PREPARE q AS SELECT upper(name) FROM users WHERE id = 1")
        app.execute("EXECUTE q")
        app.execute(b"SELECT lower(name) FROM users WHERE id = %s", [1], prepare=True)
        app.execute('SELECT "users"."name" FROM "public"."users" WHERE ("users"."id" = 1) LIMIT 21')
        app.execute("INSERT INTO users VALUES (9)")
    found = await asked(counting)
    assert texts(found) == [
        "INSERT INTO users VALUES ($1)",
        "PREPARE q AS SELECT upper(name) FROM users WHERE id = $1",
        'SELECT "users"."name" FROM "public"."users" WHERE ("users"."id" = $1) LIMIT $2',
        "SELECT * FROM users",
        "SELECT big FROM shown",
        "SELECT lower(name) FROM users WHERE id = $1",
        "SELECT name FROM users WHERE id = $1",
        "SELECT name_of($1)",
        "SELECT u.name FROM users AS u ORDER BY u.email",
    ]
    assert {(each.role, each.calls) for each in found.statements} == {("zdtui", 1)}
    assert found.verdict is Verdict.IN_USE
    assert found.not_seen == ()


async def test_what_else_depends_on_it(counting: Counting) -> None:
    counting.execute("""
        ALTER TABLE users ADD COLUMN label text GENERATED ALWAYS AS (name || '!') STORED;
        ALTER TABLE users ADD CONSTRAINT named CHECK (name <> ''), ADD CONSTRAINT one UNIQUE (name);
        CREATE TABLE fans (of text REFERENCES users (name));
        CREATE STATISTICS both_of ON name, email FROM users;
        CREATE POLICY own ON users USING (name = current_user);
        CREATE PUBLICATION feed FOR TABLE users (id, name);
        CREATE FUNCTION loud() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.name := upper(NEW.name); RETURN NEW; END $$;
        CREATE TRIGGER makes_loud BEFORE UPDATE OF name ON users FOR EACH ROW EXECUTE FUNCTION loud();
        CREATE FUNCTION kept() RETURNS text BEGIN ATOMIC SELECT max(name) FROM users; END;
    """)
    found = await asked(counting)
    assert {each.what: each.in_the_way for each in found.dependents} == {
        "column label of table public.users": True,
        "constraint fans_of_fkey on table public.fans": True,
        "constraint named on table public.users": False,
        "constraint one on table public.users": False,
        "function public.kept()": True,
        "function public.loud()": True,
        "index public.users_name": False,
        "policy own on table public.users": True,
        "publication of table public.users in publication feed": True,
        "statistics object public.both_of": False,
        "trigger makes_loud on table public.users": True,
    }
    assert found.notes == ("the publication feed sends public.users elsewhere: who reads it there is not seen here",)
    whole = await asked(counting, "public.users")
    assert {each.what for each in whole.in_the_way} == {
        "constraint fans_of_fkey on table public.fans",
        "constraint orders_user_id_fkey on table public.orders",
        "function public.kept()",
    }
    assert {"index public.users_name", "trigger makes_loud on table public.users"} <= {
        each.what for each in whole.dependents
    }


async def test_a_partition_and_what_depends_on_it_count_for_the_whole(counting: Counting) -> None:
    counting.execute("""
        CREATE TABLE log (at int, who text) PARTITION BY RANGE (at);
        CREATE TABLE log_1 PARTITION OF log FOR VALUES FROM (1) TO (9);
        CREATE VIEW first AS SELECT who FROM log_1;
        SELECT who FROM log_1;
    """)
    found = await asked(counting, "log.who")
    assert texts(found) == ["SELECT who FROM log_1"]
    assert [each.what for each in found.in_the_way] == ["view public.first"]
    assert [each.what for each in (await asked(counting, "log.at")).in_the_way] == ["the partition key"]


async def test_names_that_have_to_be_quoted_and_a_transition_table(counting: Counting) -> None:
    counting.execute("""
        CREATE SCHEMA "My Schema";
        CREATE TABLE "My Schema"."Us""ers" (id int, "Na me" text, naïve text);
        CREATE VIEW "V" AS SELECT "Na me" AS n, id FROM "My Schema"."Us""ers";
        CREATE FUNCTION noted() RETURNS trigger LANGUAGE plpgsql AS
          $$ BEGIN PERFORM c.naïve FROM changed c; RETURN NULL; END $$;
        CREATE TRIGGER noted AFTER INSERT ON "My Schema"."Us""ers" REFERENCING NEW TABLE AS changed
          FOR EACH STATEMENT EXECUTE FUNCTION noted();
        SELECT "Na me" FROM "My Schema"."Us""ers";
        SELECT n FROM "V";
        SELECT id FROM "V";
        SELECT u."Na me" || 1 FROM "My Schema"."Us""ers" AS u;
    """)
    subject = '"My Schema"."Us""ers"."Na me"'
    found = await asked(counting, subject)
    assert (str(found.subject), len(found.statements)) == (subject, 3)
    assert [each.what for each in found.in_the_way] == ['view public."V"']
    naive = await asked(counting, '"My Schema"."Us""ers".naïve')
    assert texts(naive) == []
    assert [each.what for each in naive.in_the_way] == ["function public.noted()"]


async def test_what_is_hidden_and_what_is_not_counted_is_not_taken_for_none(counting: Counting) -> None:
    counting.execute("CREATE ROLE stranger LOGIN", "postgres")
    try:
        counting.execute("GRANT USAGE ON SCHEMA stats TO stranger", "postgres")
        counting.execute("SELECT name FROM users")
        found = await asked(counting, user="stranger")
        assert found.verdict is Verdict.NOT_KNOWN
        assert found.not_seen == ("stranger does not see what other roles send: GRANT pg_read_all_stats TO stranger",)
        counting.execute(f"ALTER ROLE stranger IN DATABASE {counting.name} SET compute_query_id = off", "postgres")
        told = await asked(counting)
        assert told.not_seen == ("a setting switches the counting off for stranger: RESET it for them",)
    finally:
        counting.execute("DROP OWNED BY stranger; DROP ROLE stranger", "postgres")


async def test_evictions_are_said(counting: Counting) -> None:
    with counting.connect() as app:
        app.execute("; ".join("SELECT " + ", ".join("1" * count) for count in range(1, MOST + 20)).encode())
    found = await asked(counting)
    assert found.verdict is Verdict.NOT_KNOWN
    (said,) = found.not_seen
    assert said.startswith("pg_stat_statements dropped its least called statements ")
    assert f"raise pg_stat_statements.max ({MOST})" in said


async def test_without_the_extension_nothing_is_known(server18: Database) -> None:
    server18.execute("CREATE TABLE users (id int, name text)")
    found = await usage_now(Target(server18.dsn()), "users.name")
    assert found.verdict is Verdict.NOT_KNOWN
    assert "CREATE EXTENSION pg_stat_statements" in found.not_seen[0]


async def test_what_is_not_there_is_said(counting: Counting) -> None:
    for what, said in {
        "people.name": "there is no table people",
        "users.nam": "users has no column nam",
        "users_name.x": "users_name is no table and no view",
        "public.users.nam": "public.users has no column nam",
        "a.b.c.d": "names no column and no table",
    }.items():
        with pytest.raises(TargetError, match=re.escape(said)):
            await asked(counting, what)


def test_the_command_says_it_in_lines_and_in_json_and_by_its_exit_code(counting: Counting) -> None:
    quiet = CliRunner().invoke(cli, ["usage", "users.email", "--dsn", counting.dsn()])
    assert quiet.exit_code == 0, quiet.output
    assert quiet.output.startswith("nothing uses public.users.email, counted since ")
    counting.execute("SELECT name FROM users WHERE id = 1")
    told = CliRunner().invoke(cli, ["usage", "users.name", "--dsn", counting.dsn()])
    assert told.exit_code == 1
    lines = told.output.splitlines()
    assert lines[0].startswith("public.users.name is in use: 1 statement, counted since ")
    assert lines[1:] == [
        "read or written by:",
        "  1 call by zdtui: reads users.name",
        "      SELECT name FROM users WHERE id = $1",
        "goes with it:",
        "  index public.users_name",
    ]
    as_json = CliRunner().invoke(cli, ["usage", "public.users", "--json", "--dsn", counting.dsn()])
    document = json.loads(as_json.output)
    assert as_json.exit_code == 1
    assert (document["format"], document["subject"], document["verdict"]) == (1, "public.users", "in use")
    assert document["statements"] == [
        {"role": "zdtui", "calls": 1, "why": "reads users", "text": "SELECT name FROM users WHERE id = $1"}
    ]


async def test_a_drafted_contract_step_is_guarded_where_statements_are_counted(
    counting: Counting, server18: Database
) -> None:
    """By a proof of what it takes away; where nothing counts, by a day of waiting as before."""
    drop, rename = "ALTER TABLE users DROP COLUMN email", "ALTER TABLE orders RENAME TO purchases"
    proofs: dict[str, list[str]] = {}
    for text in (drop, rename, "DROP TABLE orders", "ALTER TABLE users RENAME COLUMN email TO mail"):
        for database in (counting, server18):
            if database is server18 and text == drop:
                server18.execute(SHOP)
            known = await known_of_server(Target(database.dsn()), ())
            plan = parse_plan(draft_plan(text, known).text, "p.yaml")
            found = [each.action.proves_unused for each in plan.steps if each.action.proves_unused is not None]
            proofs.setdefault(text, []).extend(found)
            assert bool(found) is (database is counting)
    assert list(proofs.values()) == [["users.email"], ["orders"], ["orders"], ["users.email"]]
