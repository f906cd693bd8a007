"""The SDK's own client beside the real program, on the standard streams."""

import json
import os
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from mcp import Client, StdioServerParameters, stdio_client
from mcp.client.session import MessageHandlerFnT
from mcp.types import Implementation, TextContent, TextResourceContents
from psycopg import sql

from tests.fix_db import Database
from zdtui.demo.embedded import SUPERUSER

ROLE = "zdtui_agent"
AGENT = Implementation(name="tester", version="1")
PROGRAM = ("-m", "zdtui")


def agents_dsn(database: Database) -> str:
    """A URI of that database for a role of agents' own: it may read the catalog and statistics, and no row.

    The server logs every statement of it.
    """
    with psycopg.connect(database.cluster.dsn(database.name, SUPERUSER), autocommit=True) as connection:
        there = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE]).fetchone()
        if there is None:
            connection.execute(sql.SQL("CREATE ROLE {} LOGIN IN ROLE pg_monitor").format(sql.Identifier(ROLE)))
            connection.execute(sql.SQL("ALTER ROLE {} SET log_statement = 'all'").format(sql.Identifier(ROLE)))
    return database.dsn(ROLE)


def may_read_journal(database: Database) -> None:
    """Give the role what it needs to see runs."""
    database.execute(f"GRANT USAGE ON SCHEMA zdtui TO {ROLE}; GRANT SELECT ON ALL TABLES IN SCHEMA zdtui TO {ROLE}")


@dataclass
class Agent:
    """A client that is connected."""

    client: Client
    state: Path

    async def call(self, tool: str, **arguments: Any) -> dict[str, Any]:
        """The answer of a tool; `refused` beside what was sent."""
        result = await self.client.call_tool(tool, arguments)
        (content,) = result.content
        assert isinstance(content, TextContent)
        answer: dict[str, Any] = json.loads(content.text)
        return {**answer, "refused": bool(result.is_error)}

    async def read(self, uri: str) -> str:
        """What a resource holds."""
        (content,) = (await self.client.read_resource(uri)).contents
        assert isinstance(content, TextResourceContents)
        return content.text

    def calls(self) -> list[dict[str, Any]]:
        """The journal of calls."""
        return [json.loads(line) for line in (self.state / "zdtui/agents.jsonl").read_text("utf-8").splitlines()]


@asynccontextmanager
async def agent(
    root: Path,
    dsn: str | None = None,
    *,
    mode: str = "auto",
    program: Sequence[str] = PROGRAM,
    hear: MessageHandlerFnT | None = None,
) -> AsyncIterator[Agent]:
    """A client and a server of its own, whose state and error output lie beside the root folder."""
    beside = root.parent / f"{root.name}-beside"
    beside.mkdir(exist_ok=True)
    words = [*program, "mcp", "--root", str(root), "--on-behalf-of", "ana@bastion", *(["--dsn", dsn] if dsn else [])]
    env = {**os.environ, "XDG_STATE_HOME": str(beside), "HOME": str(beside)}
    parameters = StdioServerParameters(command=sys.executable, args=words, env=env)
    with (beside / "errors").open("a") as errors:
        there = stdio_client(parameters, errlog=errors)
        async with Client(there, mode=mode, client_info=AGENT, message_handler=hear) as client:
            yield Agent(client, beside)
