"""Whether a journal may be touched, read and written, and what is said when not."""

from dataclasses import replace
from typing import Any

import pytest

from zdtui.postgres.journal_schema import Column, JournalSchema, Relation, Standing
from zdtui.postgres.sessions.identity import ServerIdentity
from zdtui.run.journal.layout import COLUMNS, JournalFacts, not_upgraded, unreadable, unwritable
from zdtui.run.model.state import RunState
from zdtui.run.preflight.server_change import not_known, server_change

EVERYTHING = frozenset({"SELECT", "INSERT", "UPDATE", "DELETE"})
STANDING = Standing("bob", in_recovery=False, read_only=False, primary=None)


def relation(name: str, **fields: object) -> Relation:
    columns = tuple(Column(each, type_, None, True, False) for each, type_ in COLUMNS[name].items())
    return replace(Relation(name, "rp", "ana", True, columns, (), EVERYTHING), **fields)  # type: ignore[arg-type]


def schema(*without: str, comment: str = "journal of zdtui, layout 3: ...", **of_event: object) -> JournalSchema:
    relations = {name: relation(name) for name in COLUMNS if name not in without}
    relations["event"] = relation("event", **of_event)
    return JournalSchema("ana", True, True, comment, relations)


def facts(of: JournalSchema | None, stored: int | None = 3, standing: Standing = STANDING) -> JournalFacts:
    return JournalFacts(of, standing, stored)


def test_a_whole_journal_of_this_layout_may_be_read_and_written() -> None:
    assert unreadable(facts(schema())) is None
    assert unwritable(facts(schema())) is None
    assert facts(schema()).layout == 3


def test_no_journal_may_be_made() -> None:
    assert unreadable(facts(None, None)) is None
    assert unwritable(facts(None, None)) is None
    assert facts(None, None).layout == 0


def test_an_old_layout_is_told_by_its_columns_and_may_be_read() -> None:
    old = schema("head", "layout", comment="")
    assert facts(old, None).layout == 2
    first = replace(relation("checkpoint"), columns=relation("checkpoint").columns[:2])
    assert facts(replace(old, relations={**old.relations, "checkpoint": first}), None).layout == 1
    assert unreadable(facts(old, None)) is None
    assert "Open the run once as ana" in not_upgraded(facts(old, None), "must be owner of table event")


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"kind": "vp"}, "it is a view"),
        ({"kind": "pp"}, "it is a partitioned table"),
        ({"kind": "ru"}, "a crash would empty it"),
        ({"runs_code": ("trigger t",)}, "it has trigger t"),
        ({"columns": (Column("run", "text", None, True, False),)}, "its column run is text"),
        ({"columns": (Column("run", "uuid", "evil()", True, False),)}, "the default evil()"),
        ({"columns": (Column("run", "uuid", None, True, True),)}, "computed"),
        ({"ours": False, "owner": "mallory"}, "belongs to mallory"),
    ],
)
def test_what_could_run_code_is_named(fields: dict[str, Any], words: str) -> None:
    assert words in (unreadable(facts(schema(**fields))) or "")


def test_somebody_elses_schema_is_not_touched() -> None:
    assert "the schema zdtui belongs to mallory" in (
        unreadable(facts(replace(schema(), ours=False, owner="mallory"))) or ""
    )


@pytest.mark.parametrize(
    ("of", "stored"),
    [
        (schema(), 4),
        (schema(comment="journal of zdtui, layout 12: ..."), 3),
        (schema(columns=(Column("signed", "bytea", None, True, False),)), 3),
    ],
)
def test_a_newer_layout_is_refused(of: JournalSchema, stored: int) -> None:
    assert "newer" in (unreadable(facts(of, stored)) or "")


def test_what_has_a_default_or_may_be_null_does_no_harm() -> None:
    harmless = (Column("x", "text", None, False, False), Column("y", "text", "''::text", True, False))
    assert unreadable(facts(schema(columns=(*relation("event").columns, *harmless)))) is None


@pytest.mark.parametrize(
    ("standing", "words"),
    [
        (Standing("bob", True, False, "db1:5432"), "its primary is db1:5432"),
        (Standing("bob", True, False, None), "its primary is not known to this role"),
        (Standing("bob", False, True, None), "read-only by default"),
    ],
)
def test_where_nobody_can_write_it_is_said_why(standing: Standing, words: str) -> None:
    assert words in (unwritable(facts(schema(), standing=standing)) or "")


def test_a_role_without_rights_is_told_the_two_grants() -> None:
    said = unwritable(facts(schema(may=frozenset({"SELECT"})), standing=replace(STANDING, role="Bob"))) or ""
    assert 'GRANT USAGE ON SCHEMA zdtui TO "Bob"; GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES' in said
    assert "may not read" in (unreadable(facts(replace(schema(), usable=False))) or "")


NOW = ServerIdentity("db1", 5432, "shop", "ana", "18.4", 180004, "77", False, 2)


def test_another_system_and_another_timeline_are_told_apart_and_unknown_is_neither() -> None:
    assert server_change(RunState(system_identifier="77", timeline=2), NOW) is None
    assert server_change(RunState(), NOW) is None
    assert server_change(RunState(system_identifier="77", timeline=2), replace(NOW, system_identifier="")) is None
    assert server_change(RunState(system_identifier="77", timeline=2), replace(NOW, timeline=None)) is None
    other, promoted = (server_change(RunState(system_identifier=each, timeline=1), NOW) for each in ("78", "77"))
    assert other is not None
    assert other.other_system
    assert promoted is not None
    assert not promoted.other_system
    assert "timeline 2, it was on 1" in promoted.what
    assert not_known(NOW) is None
    assert "system identifier and timeline" in (not_known(replace(NOW, system_identifier="", timeline=None)) or "")
