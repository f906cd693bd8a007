"""Every check of the board as a table: the fact that makes it ok, warn or stop."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest

from tests.unit.run.plans import step
from zdtui.plan.model import Guards, NoRollback, Plan, SqlAction, StepId, Target, UnusedAction
from zdtui.postgres import preflight as p
from zdtui.postgres.target.services import ServiceFacts
from zdtui.run.model import events as e
from zdtui.run.model.state import Blindness, RunState, StepState, StepStatus
from zdtui.run.preflight.board import Check, Outcome
from zdtui.run.preflight.checks import judge
from zdtui.run.preflight.judge import PreflightInput

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
EMPTY: p.Answer[Any] = p.Answer(())
ALL = frozenset({"SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "TRIGGER"})
COUNTS = {
    "schema": "public",
    "most": "5000",
    "track": "top",
    "track_utility": "on",
    "compute_query_id": "auto",
    "tells_evictions": True,
    "reads_all": True,
    "role": "migrator",
    "not_counted": [],
    "standbys": 0,
    "now": NOW,
    "postmaster_started": NOW,
}
FACTS = p.PreflightFacts(
    server=p.Answer(p.ServerFacts("shop", "18.4", 180004, False)),
    session_defect=p.Answer(None),
    role=p.Answer(p.RoleFacts("migrator", True, True, "public", True)),
    tables=p.Answer((p.TableFacts("users", True, "migrator", True, ALL),)),
    standbys=p.Answer((p.StandbyFacts("standby-a", "streaming", timedelta(seconds=1)),)),
    slots=p.Answer((p.SlotFacts("cdc", True, 100, "reserved"),)),
    prepared=EMPTY,
    oldest=p.Answer((p.SessionFacts("4711 report", "active", timedelta(seconds=5)),)),
    invalid_indexes=EMPTY,
    wraparound=EMPTY,
    leftover_backends=EMPTY,
    triggers=EMPTY,
    not_valid=EMPTY,
    archiver=p.Answer(p.ArchiverFacts(True, False, None, None)),
    connections=p.Answer(p.ConnectionFacts(10, 97)),
    counting=p.Answer(COUNTS),
)
SYNC = "CREATE TRIGGER keep BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION f()"
PLAN = Plan(
    name="tour",
    title="Tour",
    target=Target(database="shop", minimum_version=14),
    steps=(
        step("users"),
        step("sync", SqlAction(sql=SYNC), rollback=NoRollback(reason="")),
        step("unused", UnusedAction(column="users.name", duration=timedelta(hours=1)), rollback=NoRollback(reason="")),
    ),
    source="",
    path="tour.yaml",
    digest="d1",
)


def board(
    run: RunState | None = None, installed: bool = True, holder: str | None = None, plan: Plan = PLAN, **facts: Any
) -> dict[str, Check]:
    """The checks by name, of facts that are all well but for these."""
    answers = {name: fact if isinstance(fact, p.Answer) else p.Answer(fact) for name, fact in facts.items()}
    situation = PreflightInput(plan, run or RunState(), replace(FACTS, **answers), installed, holder)
    return {check.name: check for check in judge(situation, NOW).checks}


def opened(digest: str = "d1", **steps: StepState) -> RunState:
    """A run that was begun with the plan of that digest."""
    event = e.RunOpened(
        plan_name="tour", plan_title="", plan_digest=digest, plan_text="", plan_path="", step_ids=(), zdtui_version="",
        environment="", database="", server="", server_version=0, system_identifier="",
    )  # fmt: skip
    return RunState(opened=event, plan_digest=digest, steps={StepId(name): state for name, state in steps.items()})


def test_all_well_is_all_ok() -> None:
    found = board(run=opened())
    assert {check.name: check.finding for check in found.values() if check.outcome is not Outcome.OK} == {}
    assert len(found) == 25


LOW = p.RoleFacts("low", False, False, "public", False)
NOT_MINE = p.TableFacts("users", True, "ana", False, frozenset({"SELECT"}))


@pytest.mark.parametrize(
    ("name", "facts", "outcome", "words"),
    [
        ("server version", {"server": p.ServerFacts("shop", "13.9", 130009, False)}, "stop", "the plan needs 14"),
        ("database name", {"server": p.ServerFacts("prod", "18.4", 180004, False)}, "stop", "the plan is for shop"),
        ("primary", {"server": p.ServerFacts("shop", "18.4", 180004, True)}, "stop", "standby"),
        ("real session", {"session_defect": "a pooling proxy"}, "stop", "a pooling proxy"),
        ("real session", {"session_defect": p.Answer(error="boom")}, "warn", "boom"),
        ("role", {"tables": (NOT_MINE,)}, "stop", "does not own users (owner ana)"),
        ("role", {"tables": (NOT_MINE,)}, "stop", "may not TRIGGER on users"),
        ("tables", {"tables": (replace(NOT_MINE, present=False),)}, "warn", "not found: users"),
        ("journal", {"role": LOW, "installed": False}, "stop", "schema zdtui is missing"),
        ("pg_monitor", {"role": LOW}, "warn", "low is no member of pg_monitor"),
        ("oldest transaction", {"role": LOW, "oldest": ()}, "warn", "not known"),
        ("connections", {"connections": p.ConnectionFacts(95, 97)}, "warn", "95 of 97"),
        ("standbys streaming", {"standbys": ()}, "ok", "no standby"),
        ("standbys streaming", {"standbys": (p.StandbyFacts("b", "catchup", None),)}, "warn", "b is in state catchup"),
        (
            "standbys streaming",
            {"standbys": (p.StandbyFacts("b", "", None),)},
            "stop",
            "replication_lag is blind: this role may not",
        ),
        (
            "standbys streaming",
            {"readers": (p.ReaderFacts("b", None),)},
            "stop",
            "does not tell the lag of every reader",
        ),
        ("standbys streaming", {"readers": (p.ReaderFacts("db-2", timedelta(seconds=61)),)}, "warn", "db-2 is 1m01s"),
        ("managed service", {"service": ServiceFacts(aurora=True)}, "ok", "this is Amazon Aurora"),
        ("managed service", {"service": ServiceFacts(roles=frozenset({"rdsadmin"}))}, "ok", "this is Amazon RDS"),
        (
            "managed service",
            {"service": ServiceFacts(roles=frozenset({"neon_superuser"}), host="ep-1-pooler.example")},
            "stop",
            "Neon's pooled address",
        ),
        (
            "managed service",
            {"service": ServiceFacts(roles=frozenset({"supabase_admin"}), port=6543)},
            "stop",
            "port 6543 is Supabase's pooler",
        ),
        ("WAL archive", {"archiver": p.ArchiverFacts(True, False, None, None, worked=False)}, "warn", "not known"),
        (
            "standbys streaming",
            {"standbys": (p.StandbyFacts("b", "streaming", timedelta(seconds=61)),)},
            "warn",
            "b is 1m01s behind",
        ),
        (
            "replication slots",
            {"slots": (p.SlotFacts("cdc", False, 150 << 20, "extended"),)},
            "warn",
            "cdc is inactive, retains 150 MB",
        ),
        ("replication slots", {"slots": (p.SlotFacts("cdc", True, None, "lost"),)}, "warn", "cdc is lost"),
        ("prepared transactions", {"prepared": (p.SessionFacts("g", "in shop", None),)}, "warn", "g in shop"),
        (
            "oldest transaction",
            {"oldest": (p.SessionFacts("4711 report", "idle in transaction", timedelta(minutes=4)),)},
            "warn",
            "4711 report idle in transaction, 4m00s old",
        ),
        ("invalid indexes", {"invalid_indexes": (p.OnTable("i_ccnew", "users"),)}, "warn", "i_ccnew on users"),
        ("autovacuum", {"wraparound": (p.OnTable("99", "users"),)}, "warn", "users (pid 99)"),
        ("our other sessions", {"leftover_backends": (p.SessionFacts("5 zdtui", "active", None),)}, "warn", "5 zdtui"),
        ("triggers", {"triggers": (p.OnTable("keep", "users"),)}, "warn", "keep on users"),
        ("NOT VALID constraints", {"not_valid": (p.OnTable("nn", "users"),)}, "warn", "nn on users"),
        (
            "WAL archive",
            {"archiver": p.ArchiverFacts(True, True, "0001", timedelta(seconds=9))},
            "warn",
            "archiving 0001 failed 9.0 s ago",
        ),
        ("the run", {"holder": "backend 7"}, "stop", "held by backend 7"),
    ],
)
def test_a_fact_makes_its_check(name: str, facts: dict[str, Any], outcome: str, words: str) -> None:
    check = board(**facts)[name]
    assert check.outcome == outcome
    assert words in check.finding
    assert (check.advice == "") == (outcome == "ok")


@pytest.mark.parametrize("field", [name for name in p.PreflightFacts.__slots__ if name != "session_defect"])
def test_a_question_that_failed_is_a_warning_that_names_the_error(field: str) -> None:
    said = [
        check
        for check in board(**cast(dict[str, Any], {field: p.Answer(error="boom 42")})).values()
        if "boom 42" in check.finding
    ]
    assert said
    blinds_a_guard = field in ("standbys", "readers")
    assert {check.outcome for check in said} == {Outcome.STOP if blinds_a_guard else Outcome.WARN}


@pytest.mark.parametrize("field", ["standbys", "readers"])
def test_a_lag_that_cannot_be_seen_is_a_stop_only_while_a_guard_needs_it_and_nobody_accepted(field: str) -> None:
    def said(**fields: Any) -> Check:
        return board(**cast(dict[str, Any], {field: p.Answer(error="boom")}), **fields)["standbys streaming"]

    off = PLAN.model_copy(update={"guards": Guards(replication_lag=None)})
    assert said(plan=off).outcome is Outcome.WARN
    taken_on = replace(opened(), blindness=(Blindness("replication_lag", (), "", "told to", "ana"),))
    assert said(run=taken_on).outcome is Outcome.WARN
    assert "ana accepted to go without: told to" in said(run=taken_on).finding


def test_a_changed_plan_stops_an_open_run_and_a_new_one_is_not_asked() -> None:
    assert board(run=opened("other"))["plan text"].outcome is Outcome.STOP
    assert "plan text" not in board()


def test_what_a_done_step_made_is_no_leftover() -> None:
    done = opened(sync=StepState(StepStatus.DONE, applied=True))
    trigger = (p.OnTable("keep", "users"),)
    assert board(run=done, triggers=trigger)["triggers"].outcome is Outcome.OK
    assert board(run=done, triggers=(p.OnTable("kee", "users"),))["triggers"].outcome is Outcome.WARN


def test_a_step_that_is_over_needs_no_privilege_any_more() -> None:
    done = opened(users=StepState(StepStatus.DONE), sync=StepState(StepStatus.SKIPPED))
    assert board(run=done, tables=(NOT_MINE,))["role"].outcome is Outcome.OK


def test_a_plan_that_changes_the_role_is_only_warned() -> None:
    changes = PLAN.model_copy(
        update={"steps": (step("x", SqlAction(sql="SET ROLE owner; ALTER TABLE users ADD y int")),)}
    )
    assert board(plan=changes, tables=(NOT_MINE,))["role"].outcome is Outcome.WARN


def test_a_table_to_be_made_needs_a_schema_to_make_it_in() -> None:
    makes = PLAN.model_copy(update={"steps": (step("x", SqlAction(sql="CREATE TABLE fresh (i int)")),)})
    role = p.RoleFacts("low", True, True, "public", False)
    check = board(plan=makes, role=role, tables=(replace(NOT_MINE, name="fresh", present=False),))["role"]
    assert check.outcome is Outcome.STOP
    assert "may not create tables in schema public" in check.finding
