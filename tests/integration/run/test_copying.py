"""A copy: only a row whose key is there already is left out; every other one is in the target or named."""

import asyncio
from functools import partial
from typing import Any

import psycopg
import pytest

from tests.fix_db import Database
from tests.integration.run.driver import Driver, ask, do, plan_of, step
from zdtui.plan.model import BatchTuning, CompareAction, CopyAction, SqlRollback, Step
from zdtui.run.model.state import StepStatus

ROWS = 500
TUNING = BatchTuning(batch_rows=100, max_batch_rows=100)
SOURCE = "CREATE TABLE old (id int PRIMARY KEY, list int NOT NULL, place int NOT NULL, name text NOT NULL, reply int)"
FILLED = (
    "INSERT INTO old SELECT g, g % 10, g, 'n' || g, CASE WHEN g < {rows} THEN g + 1 END"
    " FROM generate_series({rows}, 1, -1) g"
)
COLUMNS = (("id", "id"), ("list", "list"), ("place", "place"), ("name", "name"))
PLAIN = "id int PRIMARY KEY, list int, place int, name text"
REASONS = "SELECT string_agg(reason, '; ' ORDER BY key) FROM zdtui.rejected"
LEFT_OUT = (
    "SELECT count(*) FROM old WHERE NOT EXISTS (SELECT FROM new WHERE new.id = old.id)"
    " AND NOT EXISTS (SELECT FROM zdtui.rejected WHERE key ->> 0 = old.id::text)"
)


@pytest.fixture
async def dsn(server: Database) -> str:
    dsn = str(server.dsn())
    await do(dsn, SOURCE)
    await do(dsn, FILLED.format(rows=ROWS))
    return dsn


def copied(most: int = 0, back: str = "TRUNCATE new", **fields: Any) -> Step:
    tuning = TUNING.model_copy(update={"max_rejected": most, **fields.pop("tuning", {})})
    usual = {"source": "old", "into": "new", "columns": COLUMNS, **fields}
    return step("copy", CopyAction(**usual, tuning=tuning), SqlRollback(sql=back))


async def there_back_and_there(dsn: str, each: Step, rows: int = ROWS, rejected: int = 0) -> None:
    """Forward, back, forward; both times every row is copied or stands aside."""
    async with Driver(plan_of(each), dsn) as driver:
        for _ in range(2):
            state = await driver.run("copy")
            assert (state.status, state.rows, state.rejected) == (StepStatus.DONE, rows, rejected), state.message
            assert await ask(dsn, "SELECT count(*) FROM new") == rows
            assert await ask(dsn, LEFT_OUT) == 0
            await driver.roll_back_to("copy")
            assert await ask(dsn, "SELECT count(*) FROM new") == 0
        assert (await driver.run("copy")).status is StepStatus.DONE


TARGETS = {
    "another unique key": ["CREATE TABLE new ({plain}, UNIQUE (place))"],
    "a key that is generated always": [
        "CREATE TABLE new (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, list int, place int, name text)"
    ],
    "a deferred unique constraint": ["CREATE TABLE new ({plain}, UNIQUE (list, place) DEFERRABLE INITIALLY DEFERRED)"],
    "a deferred key": [
        "CREATE TABLE new (id int, list int, place int, name text, PRIMARY KEY (id) DEFERRABLE INITIALLY DEFERRED)"
    ],
    "a deferrable key beside an immediate one": [
        "CREATE TABLE new ({plain}, UNIQUE (id) DEFERRABLE INITIALLY IMMEDIATE)"
    ],
    "an exclusion constraint": ["CREATE TABLE new ({plain}, EXCLUDE USING gist (int4range(place, place + 1) WITH &&))"],
    "partitions": [
        "CREATE TABLE new ({plain}) PARTITION BY RANGE (id)",
        "CREATE TABLE new_1 PARTITION OF new FOR VALUES FROM (0) TO (250)",
        "CREATE TABLE new_2 PARTITION OF new DEFAULT",
    ],
    "keys of the partitions alone": [
        "CREATE TABLE new (id int, list int, place int, name text) PARTITION BY RANGE (place)",
        "CREATE TABLE new_1 PARTITION OF new (PRIMARY KEY (id)) FOR VALUES FROM (0) TO (250)",
        "CREATE TABLE new_2 PARTITION OF new (PRIMARY KEY (id)) DEFAULT",
    ],
    "a rule that does something more": [
        "CREATE TABLE new ({plain})",
        "CREATE TABLE seen (id int)",
        "CREATE RULE more AS ON INSERT TO new DO ALSO INSERT INTO seen VALUES (NEW.id)",
    ],
    "a trigger before each row": [
        "CREATE TABLE new ({plain}, touched timestamptz)",
        "CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.touched := now(); RETURN NEW; END $$",
        "CREATE TRIGGER touch BEFORE INSERT ON new FOR EACH ROW EXECUTE FUNCTION touch()",
    ],
    "no key at all": ["CREATE TABLE new (id int, list int, place int, name text)"],
    "an updatable view": [
        "CREATE TABLE held ({plain})",
        "CREATE VIEW new AS SELECT * FROM held",
    ],
    "a view with a trigger": [
        "CREATE TABLE held ({plain})",
        "CREATE VIEW new AS SELECT * FROM held",
        "CREATE FUNCTION put() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN INSERT INTO held VALUES (NEW.*); RETURN NEW; END $$",
        "CREATE TRIGGER put INSTEAD OF INSERT ON new FOR EACH ROW EXECUTE FUNCTION put()",
    ],
    "a wider key that holds the source's": [
        "CREATE TABLE new (id int, list int, place int, name text, PRIMARY KEY (list, id))"
    ],
}


@pytest.mark.parametrize("target", TARGETS)
async def test_a_target_of_any_shape_gets_every_row(dsn: str, target: str) -> None:
    for each in TARGETS[target]:
        await do(dsn, each.format(plain=PLAIN))
    back = "DELETE FROM new" if "view" in target else "TRUNCATE new"
    await there_back_and_there(dsn, copied(back=back))


async def test_a_rule_that_does_something_more_does_it_for_each_row(dsn: str) -> None:
    for each in TARGETS["a rule that does something more"]:
        await do(dsn, each.format(plain=PLAIN))
    async with Driver(plan_of(copied()), dsn) as driver:
        assert (await driver.run("copy")).status is StepStatus.DONE
    assert await ask(dsn, "SELECT count(DISTINCT id) FROM seen") == ROWS


CONFLICTS = {
    "expression": ("CREATE UNIQUE INDEX new_name ON new (lower(name))", "new_name"),
    "partial": ("CREATE UNIQUE INDEX new_name ON new (name) WHERE list < 100", "new_name"),
    "deferred": ("ALTER TABLE new ADD CONSTRAINT new_name UNIQUE (name) DEFERRABLE INITIALLY DEFERRED", "new_name"),
    "constraint": ("ALTER TABLE new ADD CONSTRAINT new_name UNIQUE (name)", "new_name"),
    "exclusion": ("ALTER TABLE new ADD CONSTRAINT new_name EXCLUDE USING hash (name WITH =)", "new_name"),
}


@pytest.mark.parametrize("kind", CONFLICTS)
async def test_a_row_that_meets_another_constraint_stands_aside_by_its_name(dsn: str, kind: str) -> None:
    made, name = CONFLICTS[kind]
    await do(dsn, f"CREATE TABLE new ({PLAIN})")
    await do(dsn, made)
    await do(dsn, "UPDATE old SET name = (SELECT name FROM old WHERE id = 7) WHERE id IN (70, 333)")
    async with Driver(plan_of(copied()), dsn) as driver:
        state = await driver.run("copy")
        assert state.status is StepStatus.FAILED
        assert f'"{name}"' in state.message
        assert "(70)" in state.message
    await do(dsn, "DROP SCHEMA zdtui CASCADE; TRUNCATE new")
    await there_back_and_there(dsn, copied(most=2), ROWS - 2, 2)
    assert name in await ask(dsn, REASONS)


async def test_a_row_that_is_there_already_is_left_as_it_is(dsn: str) -> None:
    await do(dsn, f"CREATE TABLE new ({PLAIN}, UNIQUE (place))")
    await do(dsn, "INSERT INTO new VALUES (7, 7, 7, 'written by the application')")
    async with Driver(plan_of(copied()), dsn) as driver:
        state = await driver.run("copy")
    assert (state.status, state.rows, state.rejected) == (StepStatus.DONE, ROWS - 1, 0)
    assert await ask(dsn, "SELECT name FROM new WHERE id = 7") == "written by the application"


KEEPERS = {
    "returns null": "IF NEW.id IN (7, 70) THEN RETURN NULL; END IF; RETURN NEW;",
    "changes the key": "IF NEW.id IN (7, 70) THEN NEW.id := NEW.id + 10000; END IF; RETURN NEW;",
}


@pytest.mark.parametrize("how", KEEPERS)
async def test_rows_a_trigger_keeps_out_or_moves_stand_aside(dsn: str, how: str) -> None:
    await do(dsn, f"CREATE TABLE new ({PLAIN})")
    await do(
        dsn,
        f"CREATE FUNCTION keeper() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {KEEPERS[how]} END $$;"
        " CREATE TRIGGER keeper BEFORE INSERT ON new FOR EACH ROW EXECUTE FUNCTION keeper()",
    )
    async with Driver(plan_of(copied()), dsn) as driver:
        state = await driver.run("copy")
        assert state.status is StepStatus.FAILED
        assert "kept out of new without an error: look at trigger keeper" in state.message
        assert "(7)" in state.message or "(70)" in state.message
    await do(dsn, "DROP SCHEMA zdtui CASCADE; TRUNCATE new")
    await there_back_and_there(dsn, copied(most=2), ROWS - 2, 2)
    assert await ask(dsn, "SELECT max(id) FROM new") == ROWS


@pytest.mark.parametrize("when", ["WHERE NEW.id IN (7, 70) ", ""])
async def test_rows_a_rule_keeps_out_stand_aside(dsn: str, when: str) -> None:
    await do(dsn, f"CREATE TABLE new ({PLAIN}); CREATE RULE keeper AS ON INSERT TO new {when}DO INSTEAD NOTHING")
    await do(dsn, "DELETE FROM old WHERE id > 80")
    most = 2 if when else 80
    await there_back_and_there(dsn, copied(most=most), 80 - most, most)


async def test_rows_that_vanish_after_they_were_copied_are_found_at_the_end(dsn: str) -> None:
    await do(dsn, f"CREATE TABLE new ({PLAIN})")
    await do(
        dsn,
        "CREATE FUNCTION vanish() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN DELETE FROM new AS n WHERE n.id = NEW.id AND n.id IN (7, 70); RETURN NULL; END $$;"
        " CREATE TRIGGER vanish AFTER INSERT ON new FOR EACH ROW EXECUTE FUNCTION vanish()",
    )
    async with Driver(plan_of(copied()), dsn) as driver:
        state = await driver.run("copy")
        assert state.status is StepStatus.FAILED
        assert "kept out of new without an error" in state.message
        await driver.roll_back_to("copy")
    async with Driver(plan_of(copied(most=2), name="again"), dsn) as driver:
        state = await driver.run("copy")
        assert (state.status, state.rejected) == (StepStatus.DONE, 2), state.message
    assert await ask(dsn, "SELECT count(*) FROM new") == ROWS - 2
    assert await ask(dsn, LEFT_OUT) == 0


@pytest.mark.parametrize(
    ("made", "value"),
    [
        ("id int PRIMARY KEY", "(id / 2)"),
        ("id numeric(10,0) PRIMARY KEY", "(id / 4.0)"),
        ("id real PRIMARY KEY", "(id + 16777216)"),
        ("id date PRIMARY KEY", "('2026-01-01'::timestamp + id * interval '1 hour')"),
    ],
)
async def test_rows_that_get_one_key_in_the_target_are_not_taken_for_one(dsn: str, made: str, value: str) -> None:
    """Two rows of the source whose keys become one are not *there already*: one of them stands aside."""
    await do(dsn, f"CREATE TABLE new ({made}, list int, place int, name text)")
    columns = (("id", value), *COLUMNS[1:])
    async with Driver(plan_of(copied(most=ROWS, columns=columns)), dsn) as driver:
        state = await driver.run("copy")
    assert state.status is StepStatus.DONE, state.message
    kept = await ask(dsn, "SELECT count(*) FROM new")
    assert (state.rows, state.rejected) == (kept, ROWS - kept)
    assert kept < ROWS
    assert "another row of the source has the same (id) in new" in await ask(dsn, REASONS)


async def test_rows_refer_to_rows_with_a_greater_key(dsn: str) -> None:
    await do(dsn, "CREATE TABLE new (id bigint PRIMARY KEY, name text, reply bigint REFERENCES new (id))")
    columns = (("id", "id"), ("name", "name"), ("reply", "reply"))
    await there_back_and_there(dsn, copied(columns=columns))
    assert (
        await ask(dsn, "SELECT count(*) FROM new JOIN old USING (id) WHERE new.reply IS DISTINCT FROM old.reply") == 0
    )
    assert await ask(dsn, "SELECT string_agg(way, ', ' ORDER BY lane) FROM zdtui.checkpoint") == "by key, second pass"


async def test_a_row_whose_reference_is_nowhere_stands_aside_and_can_be_put_right(dsn: str) -> None:
    await do(dsn, "CREATE TABLE new (id bigint PRIMARY KEY, name text, reply bigint REFERENCES new (id))")
    await do(dsn, "UPDATE old SET reply = 9999 WHERE id = 70")
    columns = (("id", "id"), ("name", "name"), ("reply", "reply"))
    async with Driver(plan_of(copied(most=1, columns=columns)), dsn) as driver:
        state = await driver.run("copy")
        assert (state.status, state.rows, state.rejected) == (StepStatus.DONE, ROWS, 1), state.message
        assert "new_reply_fkey" in await ask(dsn, REASONS)
        await do(dsn, "UPDATE old SET reply = 1 WHERE id = 70")
        state = await driver.retry("copy")
        assert state.rejected == 0
        assert await ask(dsn, "SELECT reply FROM new WHERE id = 70") == 1


@pytest.mark.parametrize(
    ("source", "key"),
    [
        ("CREATE MATERIALIZED VIEW seen AS SELECT * FROM old; CREATE UNIQUE INDEX seen_id ON seen (id)", ("id",)),
        ("CREATE MATERIALIZED VIEW seen AS SELECT * FROM old; CREATE UNIQUE INDEX seen_id ON seen (id)", ("seen_id",)),
        ("CREATE TABLE seen AS SELECT * FROM old; CREATE UNIQUE INDEX seen_id ON seen (id DESC)", ("seen_id",)),
    ],
)
async def test_a_source_without_a_primary_key_is_copied_by_a_unique_index(
    dsn: str, source: str, key: tuple[str, ...]
) -> None:
    await do(dsn, f"CREATE TABLE new ({PLAIN})")
    await do(dsn, source)
    await there_back_and_there(dsn, copied(source="seen", key=key))


async def test_a_key_that_is_null_in_some_row_is_no_key(dsn: str) -> None:
    await do(dsn, f"CREATE TABLE new ({PLAIN})")
    await do(dsn, "CREATE TABLE seen AS SELECT * FROM old; CREATE UNIQUE INDEX seen_id ON seen (id)")
    await do(dsn, "INSERT INTO seen VALUES (NULL, 1, 1, 'nameless')")
    async with Driver(plan_of(copied(source="seen", key=("id",))), dsn) as driver:
        state = await driver.run("copy")
        assert state.status is StepStatus.FAILED
        assert "id is null in some rows of" in state.message


HIDDEN = """
ALTER TABLE {table} ADD COLUMN tenant int NOT NULL DEFAULT 1;
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON {table} USING (tenant = 2);
"""


def _has_said(driver: Driver, name: str, said: str) -> bool:
    return said in f"{driver.stage.refusal} {driver.state(name).message}"


@pytest.mark.parametrize("table", ["old", "new"])
async def test_rows_that_row_security_hides_are_not_called_copied_or_the_same(dsn: str, table: str) -> None:
    await do(dsn, f"CREATE TABLE new ({PLAIN})")
    await do(dsn, HIDDEN.format(table=table))
    same = CompareAction(source="old", into="new", columns=COLUMNS, tuning=TUNING)
    for each in (copied(), step("same", same, SqlRollback(sql="SELECT 1"))):
        async with Driver(plan_of(each, name=each.id), dsn) as driver:
            driver.start(each.id)
            said = f"row security hides rows of public.{table}"
            await driver.until(partial(_has_said, driver, each.id, said))
            assert driver.state(each.id).status is not StepStatus.DONE
    await do(dsn, f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
    assert await ask(dsn, "SELECT count(*) FROM new") == 0


KEY_OF_NEW = {
    "immediate": "PRIMARY KEY (id)",
    "deferred": "PRIMARY KEY (id) DEFERRABLE INITIALLY DEFERRED",
    "beside a rule": "PRIMARY KEY (id)",
}


@pytest.mark.parametrize("key", KEY_OF_NEW)
async def test_rows_an_application_writes_meanwhile_are_there_already(dsn: str, key: str) -> None:
    """It writes every third row of the target itself, now before and now after the copy has come there."""
    await do(dsn, f"CREATE TABLE new (id int, list int, place int, name text, {KEY_OF_NEW[key]})")
    if key == "beside a rule":
        await do(dsn, "CREATE TABLE seen (id int)")
        await do(dsn, "CREATE RULE more AS ON INSERT TO new DO ALSO INSERT INTO seen VALUES (NEW.id)")
    written: set[int] = set()

    async def application() -> None:
        async with await psycopg.AsyncConnection.connect(dsn, autocommit=True) as connection:
            for number in (*range(ROWS, 0, -3), *range(2, ROWS, 3)):
                asked = "INSERT INTO new SELECT id, list, place, 'app' FROM old WHERE id = %s"
                try:
                    await connection.execute(asked, [number])
                    written.add(number)
                except psycopg.errors.UniqueViolation:
                    continue

    slow = TUNING.model_copy(update={"batch_rows": 20, "max_batch_rows": 20})
    writing = asyncio.create_task(application())
    async with Driver(plan_of(copied(tuning=slow.model_dump(include={"batch_rows", "max_batch_rows"}))), dsn) as driver:
        state = await driver.run("copy")
        await writing
    assert (state.status, state.rejected) == (StepStatus.DONE, 0), state.message
    assert await ask(dsn, "SELECT count(*) FROM new") == ROWS
    assert await ask(dsn, "SELECT count(DISTINCT id) FROM new") == ROWS
    assert await ask(dsn, "SELECT count(*) FROM new WHERE name = 'app'") == len(written)
