"""What a wrong rollback leaves is seen and named, of every kind of object: two looks at one database that holds all cases.

Each case has a schema of its own (and names of its own for what is in no schema), so that one look before and one after
all the changes judge every case by itself.
"""

import asyncio
import re
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from tests.fix_db import SERVER_IDS, SERVERS, Clusters
from tests.integration.fingerprint import cases_of_every_kind, cases_of_others, cases_of_tables
from tests.integration.fingerprint.case import Case
from zdtui.demo.dumper import find_dumper
from zdtui.demo.embedded import Cluster
from zdtui.demo.folders import OwnedFolder
from zdtui.fingerprint.compare import compare
from zdtui.fingerprint.fingerprint import Fingerprint, Key
from zdtui.fingerprint.take import take
from zdtui.fingerprint.verdict import Verdict
from zdtui.postgres.target.target import Target

CASES = dict(enumerate((*cases_of_tables.CASES, *cases_of_others.CASES, *cases_of_every_kind.CASES)))
DATABASE = "fingerprinted"
NOT_THE_SCHEMA = {
    "pg_largeobject": "the bytes of large objects are data",
    "pg_statistic": "what ANALYZE gathers is about the rows, and written anew by itself",
    "pg_statistic_ext_data": "the same of extended statistics",
    "pg_init_privs": "what initdb and extensions granted: pg_dump writes what differs from it",
}
"""Catalogs that no case changes, each with the reason why nothing of it is missed."""


@dataclass(frozen=True)
class Looks:
    """One server's."""

    major: int
    before: Fingerprint
    after: Fingerprint
    untouched: frozenset[str]
    """Catalogs of PostgreSQL in which no case changes anything."""

    def of(self, number: int) -> Verdict:
        """The verdict on one case alone."""
        return compare(*(own(each, number) for each in (self.before, self.after)))


def own(look: Fingerprint, number: int) -> Fingerprint:
    """What is this case's."""
    its = re.compile(rf"(?<![a-z0-9])k{number}(?![0-9])")
    elsewhere = CASES[number].elsewhere
    return Fingerprint(
        facts={key: text for key, text in look.facts.items() if its.search(key[1]) or key in elsewhere},
        positions={name: seen for name, seen in look.positions.items() if its.search(name)},
        holes={name: seen for name, seen in look.holes.items() if its.search(name)},
        unread=look.unread,
        made_with=look.made_with,
    )


def in_its_place(number: int, text: str) -> str:
    return text.replace("{k}", f"k{number}").replace("{database}", DATABASE)


def looked(cluster: Cluster) -> Looks:
    major = cluster.binaries.major
    with psycopg.connect(cluster.dsn(), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {DATABASE} TEMPLATE template0".encode())
    tried = {number: each for number, each in CASES.items() if major >= each.since}
    target, dumper = Target(cluster.dsn(DATABASE)), find_dumper(major)
    with psycopg.connect(cluster.dsn(DATABASE), autocommit=True) as connection:
        connection.execute("CREATE EXTENSION vector")
        for number, each in tried.items():
            connection.execute(f"CREATE SCHEMA k{number}; SET search_path = k{number}".encode())
            connection.execute(in_its_place(number, each.before).encode())
        before, catalogs = asyncio.run(take(target, dumper)), catalogs_of(connection)
        for number, each in tried.items():
            change(connection, number, each)
        same = frozenset(name for name, seen in catalogs_of(connection).items() if catalogs[name] == seen)
    return Looks(major, before, asyncio.run(take(target, dumper)), same)


def catalogs_of(connection: psycopg.Connection) -> dict[str, object]:
    """Every catalog, with a sum over its rows."""
    listed = "SELECT relname FROM pg_catalog.pg_class WHERE relnamespace = 'pg_catalog'::regnamespace AND relkind = 'r'"
    names = [row[0] for row in connection.execute(listed)]
    summed = "SELECT count(*), sum(hashtextextended(t::text, 0)) FROM pg_catalog.{} AS t"
    return {name: connection.execute(summed.format(name).encode()).fetchone() for name in names}


def change(connection: psycopg.Connection, number: int, each: Case) -> None:
    connection.execute(f"SET search_path = k{number}".encode())
    text = in_its_place(number, each.change).encode()
    if each.fails:
        with pytest.raises(psycopg.Error):
            connection.execute(text)
    else:
        connection.execute(text)


@pytest.mark.parametrize("which", SERVERS, ids=SERVER_IDS)
def test_each_is_seen_and_named_and_nothing_else_is(server_folder: OwnedFolder, which: int | Path) -> None:
    """One test a server, so that it is filled and looked at once, however many processes share the tests.

    On a server of its own: many cases leave roles and the like behind, on purpose.
    """
    folder = server_folder.path / "seen"
    folder.mkdir(exist_ok=True)
    with ExitStack() as until_the_end:
        looks = looked(Clusters(folder, until_the_end).of(which))
    assert [told for number in CASES if (told := not_as_it_has_to_be(looks, number))] == []
    assert looks.before.unread == looks.after.unread == ()
    assert changed(looks) <= of_cases(looks), "what else the two looks differ in is noise"
    assert looks.untouched <= NOT_THE_SCHEMA.keys(), "a catalog that no case changes needs a case, or a reason"


def not_as_it_has_to_be(looks: Looks, number: int) -> str:
    """What is said of the case, where that is not what has to be said; else nothing."""
    case = CASES[number]
    if looks.major < case.since:
        return ""
    verdict = looks.of(number)
    told = "\n".join(verdict.lines)
    good = verdict.kind is case.kind and in_its_place(number, case.says) in told and "sesame" not in told
    return "" if good else f"{case.name} (k{number}): {verdict.kind}, not {case.kind}: {told}"


def changed(looks: Looks) -> set[Key]:
    before, after = looks.before.facts, looks.after.facts
    return {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}


def of_cases(looks: Looks) -> set[Key]:
    return {key for number in CASES for look in (looks.before, looks.after) for key in own(look, number).facts}
