"""The pages of the manual that facts name are there: psql knows the address of each command's own."""

import re
import subprocess

import pytest

from tests.fix_db import Database
from zdtui.sql.facts import FACTS
from zdtui.sql.facts.pages import page_of

OF_19 = frozenset({"sql-repack.html", "sql-wait-for.html"})
"""Pages of commands that psql 18 does not know."""


@pytest.fixture
def pages(server18: Database) -> dict[str, str]:
    """By command, as psql tells it."""
    psql = [*server18.cluster.psql(server18.name), "--no-psqlrc", "--command=\\help *"]
    told = subprocess.run(psql, capture_output=True, text=True, check=True).stdout
    commands = re.findall(r"^Command: +(.+)$", told, re.MULTILINE)
    return dict(zip(commands, re.findall(r"^URL: .*/(sql-.+)$", told, re.MULTILINE), strict=True))


def test_every_fact_names_a_page_that_is_there(pages: dict[str, str]) -> None:
    there = {*pages.values(), *OF_19}
    assert {kind: fact.page for kind, fact in FACTS.items() if fact.page.partition("#")[0] not in there} == {}


def test_a_command_s_own_page_is_told_by_its_name(pages: dict[str, str]) -> None:
    commands = {command: page for command, page in pages.items() if command in FACTS}
    assert len(commands) > 100
    assert {command: page_of(command) for command in commands} == commands
