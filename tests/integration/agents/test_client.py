"""The official client of the SDK: it lists, drafts, checks, describes, and follows; and every call is kept."""

from pathlib import Path

import pytest
from mcp import MCPError

from tests.fix_db import Database
from tests.integration.agents.client import agent, agents_dsn
from zdtui.agents.offered import TOOLS
from zdtui.plan.load import parse_plan
from zdtui.proposals.found import proposals_in


async def test_everything_is_listed_and_read_in_the_older_age_of_the_protocol_too(tmp_path: Path) -> None:
    async with agent(tmp_path, mode="legacy") as asked:
        tools = (await asked.client.list_tools()).tools
        assert [each.name for each in tools] == [each.name for each in TOOLS]
        assert all((each.description or "").startswith(("[reads]", "[proposes]")) for each in tools)
        assert len((await asked.client.list_prompts()).prompts) == 8
        resources = (await asked.client.list_resources()).resources
        for each in resources:
            if each.uri != "zdtui://runs":
                assert await asked.read(each.uri)
        assert "zdtui://runs/{run}/status" in {
            each.uri_template for each in (await asked.client.list_resource_templates()).resource_templates
        }
        assert "# column-rename" in await asked.read("zdtui://hazards/column-rename")
        assert "zdtui: 1" in await asked.read("zdtui://plans/add-index")
        with pytest.raises(MCPError, match="no such resource"):
            await asked.read("zdtui://plans/..%2f..%2fetc%2fpasswd")


async def test_a_price_column_is_drafted_checked_and_described(tmp_path: Path, shop: Database) -> None:
    async with agent(tmp_path, agents_dsn(shop)) as asked:
        assert [each.name for each in (await asked.client.list_tools()).tools] == [each.name for each in TOOLS]
        table = await asked.call("describe_table", table="products")
        assert "price_cents" in {each["name"] for each in table["data"]["columns"]}
        assert table["data"]["size"]["row_estimate"] is not None
        drafted = await asked.call(
            "draft_plan", sql="ALTER TABLE products ADD COLUMN price numeric(12,2) NOT NULL DEFAULT 0"
        )
        assert not drafted["refused"], drafted
        plan = parse_plan(drafted["data"]["plan"], "drafted.yaml")
        assert plan.steps
        checked = await asked.call("check_plan", text=drafted["data"]["plan"])
        assert checked["data"]["counts"]["stop"] == 0
        stopped = await asked.call("check_plan", text="ALTER TABLE products ALTER COLUMN price_cents TYPE bigint")
        assert stopped["data"]["findings"][0]["locks"][0]["mode"] == "ACCESS EXCLUSIVE"
        documents = await asked.call("render_plan", text=drafted["data"]["plan"])
        assert "# Migration plan" in documents["data"]["markdown"]
        proposed = await asked.call("propose", text=drafted["data"]["plan"])
        assert proposed["data"]["file"] == "proposals/products-has-price.yaml"
        (found,) = proposals_in(tmp_path)
        assert found.proposal.who == "tester 1 on behalf of ana@bastion"
        assert found.path.read_text("utf-8") == drafted["data"]["plan"]
        assert found.proposal.digest == proposed["data"]["digest"]
        assert (await asked.call("locks_now"))["data"]["waiting"] == 0
        assert (await asked.call("lag_now"))["data"]["in_recovery"] is False
        assert (await asked.call("run_status"))["says"] == ["No run was ever begun in this database."]
        kept = asked.calls()
    first, ended = kept[0], kept[1]
    assert first["agent"] == "tester 1"
    assert first["on_behalf_of"] == "ana@bastion"
    assert (first["what"], first["arguments"]) == ("describe_table", {"table": "products"})
    assert (ended["call"], ended["outcome"]) == (first["call"], "answered")
    assert len(kept) == 2 * 9
