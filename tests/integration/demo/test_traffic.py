"""The demo's application goes on through the plan that splits users.name, and follows it without a deployment."""

import subprocess
import sys
from collections.abc import Iterator
from typing import IO

import pytest

from tests.fix_db import Database
from zdtui.plan.load import load_plan
from zdtui.plan.model import BackfillAction, CheckAction, ManualAction, Phase, SqlAction, Step
from zdtui.plan.shipped import find_plan

ADD = "ALTER TABLE users ADD COLUMN first_name text, ADD COLUMN last_name text"
UNDO = "ALTER TABLE users ADD COLUMN name text NOT NULL DEFAULT 'x'; ALTER TABLE users DROP COLUMN first_name"


class Application:
    """The traffic on one shop."""

    def __init__(self, shop: Database) -> None:
        self.shop = shop
        self.process = subprocess.Popen(
            [sys.executable, "-m", "zdtui.demo.traffic", "--dsn", shop.dsn("shop_app"), "--until-stdin-closes"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert self.process.stdout is not None
        self.output: IO[str] = self.process.stdout

    def wait_for_new_users(self, condition: str = "true") -> None:
        """Until another user has registered for whom the condition holds."""
        ((last,),) = self.shop.execute("SELECT max(id) FROM users")
        while self.shop.execute(f"SELECT count(*) >= 1 FROM users WHERE id > {last} AND ({condition})") != [(True,)]:
            assert self.process.poll() is None, self.output.read()

    def wait_until_it_says(self, what: str) -> None:
        for line in self.output:
            if what in line:
                return
        raise AssertionError(f"it ended without saying {what!r}")

    def end(self) -> str:
        """Its last words, after its stdin was closed, as when its parent dies."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        said = self.output.read()
        assert self.process.wait(20) == 0, said
        self.output.close()
        return said


@pytest.fixture
def application(shop: Database) -> Iterator[Application]:
    application = Application(shop)
    yield application
    if application.process.poll() is None:
        application.process.kill()
        application.process.communicate()


def perform(step: Step, shop: Database) -> None:
    """What the step does to the database; a backfill in one go."""
    match step.action:
        case SqlAction(sql=statements):
            shop.execute(statements)
        case BackfillAction(table=table, assignments=assignments, where=where):
            sets = ", ".join(f"{column} = {expression}" for column, expression in assignments)
            shop.execute(f"UPDATE {table} SET {sets} WHERE {where or 'true'}")
        case CheckAction(query=query):
            assert shop.execute(query) == [(True,)]


def test_it_follows_the_shipped_plan_to_the_end_without_one_error(application: Application, shop: Database) -> None:
    application.wait_for_new_users("name LIKE '% %'")
    for step in load_plan(find_plan("split-user-name")).steps:
        perform(step, shop)
        if step.phase is Phase.SWITCH and isinstance(step.action, ManualAction):
            application.wait_until_it_says("now reads and writes first_name and last_name")
        application.wait_for_new_users()
    ((without,),) = shop.execute("SELECT count(*) FROM users WHERE first_name IS NULL OR last_name IS NULL")
    assert without == 0
    assert " 0 errors" in application.end()


def test_it_survives_columns_that_vanish_without_notice(application: Application, shop: Database) -> None:
    shop.execute(ADD)
    application.wait_for_new_users()
    shop.execute("ALTER TABLE users DROP COLUMN name")
    application.wait_for_new_users("first_name <> ''")
    shop.execute(UNDO)
    application.wait_for_new_users("name <> 'x'")
    assert "UndefinedColumnError" in application.end()


def test_it_survives_losing_every_connection(application: Application, shop: Database) -> None:
    application.wait_for_new_users()
    shop.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'shop_app'")
    application.wait_for_new_users()
    assert " 0 errors" not in application.end()


def test_the_report_sits_idle_in_transaction_and_holds_its_locks(application: Application, shop: Database) -> None:
    held = """
        SELECT count(*) = 2 FROM pg_stat_activity AS a JOIN pg_locks AS l USING (pid)
         WHERE a.application_name = 'report-nightly' AND a.datname = current_database()
           AND a.state = 'idle in transaction' AND l.mode = 'AccessShareLock'
           AND l.relation IN ('users'::regclass, 'orders'::regclass)
    """
    with shop.connect() as connection:
        while connection.execute(held.encode()).fetchone() != (True,):
            assert application.process.poll() is None
    application.end()
