"""Who uses a column, told to an agent: statements without their constants, and names apart from our sentences."""

import json
from pathlib import Path

from tests.fix_counting import Counting
from tests.integration.agents.client import agent, agents_dsn
from tests.integration.agents.hostile_calls import EVIL, IN_A_ROW
from zdtui.agents.says import Says


async def test_statements_and_objects_are_told_and_nothing_of_a_row(counting: Counting, tmp_path: Path) -> None:
    counting.execute("GRANT USAGE ON SCHEMA stats TO PUBLIC", "postgres")
    counting.execute(f'CREATE VIEW "{EVIL}" AS SELECT name FROM users')
    counting.execute(f'SELECT name FROM "{EVIL}" /* {EVIL} */')
    counting.execute(f"UPDATE users SET name = '{IN_A_ROW}' WHERE id = 1")
    counting.execute(f"DO $$ BEGIN UPDATE users SET name = '{IN_A_ROW}'; END $$")
    async with agent(tmp_path, agents_dsn(counting)) as asked:
        told = await asked.call("who_uses", table="users", column="name")
        assert told["says"][0] == Says.USERS
        assert told["data"]["verdict"] == "in use"
        texts = [each["text"] for each in told["data"]["statements"]]
        assert [each for each in texts if each.startswith("UPDATE users SET name =")]
        assert f'view public."{EVIL}"' in {each["what"] for each in told["data"]["dependents"]}
        ways = [each["how"]["sentence"] or "" for each in told["data"]["statements"]]
        assert any("‹1›" in each for each in ways)
        assert not [each for each in ways if "ignore" in each]
        assert IN_A_ROW not in json.dumps(told)
        none = await asked.call("who_uses", table="users", column="nothing; COMMIT")
        assert none["says"] == [Says.NO_SUCH_COLUMN]
