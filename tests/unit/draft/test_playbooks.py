"""The examples that playbooks of changes without downtime are taught by, each asked for as one would: safe plans."""

import pytest

from zdtui.draft.draft import draft_plan
from zdtui.draft.of_sql import known_of_sql
from zdtui.hazards.find import findings_of_plan
from zdtui.hazards.hazard import Severity
from zdtui.plan.load import parse_plan
from zdtui.plan.model import Plan

SCHEMA = """
CREATE TABLE organizations (id bigserial PRIMARY KEY, name text NOT NULL);
CREATE TABLE users (id bigserial PRIMARY KEY, first_name text, last_name text, org_id bigint, email text);
CREATE TABLE products (id bigserial PRIMARY KEY, price numeric(10, 2) NOT NULL);
"""
PLAYBOOKS = {
    "price becomes price_cents": (
        "ALTER TABLE products REPLACE COLUMN price BY price_cents bigint NOT NULL AS (round(price * 100)::bigint)"
        " BACK price AS (price_cents / 100.0)",
        ["add", "sync", "fill", "no-drift", "is-filled", "promised", "proved", "deploy", "soak", "drop"],
    ),
    "display_name of two columns": (
        "ALTER TABLE users REPLACE COLUMNS first_name, last_name BY display_name text AS (concat_ws(' ', first_name,"
        " last_name)) BACK first_name AS (split_part(display_name, ' ', 1)), last_name AS (substr(display_name,"
        " length(split_part(display_name, ' ', 1)) + 2))",
        ["add", "sync", "fill", "no-drift", "deploy", "soak", "drop"],
    ),
    "display_name beside them": (
        "ALTER TABLE users ADD COLUMN display_name text"
        " GENERATED ALWAYS AS (coalesce(first_name, '') || ' ' || coalesce(last_name, '')) STORED",
        ["add", "sync", "fill", "no-drift"],
    ),
    "org_id is never null": (
        "ALTER TABLE users ALTER COLUMN org_id SET NOT NULL",
        ["deploy", "is-filled", "promised", "proved"],
    ),
    "a foreign key": (
        "ALTER TABLE users ADD CONSTRAINT users_org FOREIGN KEY (org_id) REFERENCES organizations (id)",
        ["build", "no-orphans", "promised", "proved"],
    ),
    "a check": ("ALTER TABLE products ADD CONSTRAINT positive CHECK (price > 0)", ["holds", "promised", "proved"]),
    "an index": ("CREATE INDEX users_email ON users (lower(email))", ["build"]),
}


def plan_of(sql: str) -> Plan:
    return parse_plan(draft_plan(sql, known_of_sql(SCHEMA, 18, "schema.sql")).text, "drafted.yaml")


@pytest.mark.parametrize("playbook", PLAYBOOKS)
def test_a_playbook_comes_out_as_a_safe_plan(playbook: str) -> None:
    sql, parts = PLAYBOOKS[playbook]
    plan = plan_of(sql)
    assert [any(part in step.id for part in [wanted]) for step, wanted in zip(plan.steps, parts, strict=True)] == [
        True
    ] * len(parts), [step.id for step in plan.steps]
    schema = known_of_sql(SCHEMA, 18, "schema.sql").schema
    stops = [
        f"{finding.place.step}: {hazard.rule}: {hazard.sentence}"
        for known in (None, schema)
        for finding in findings_of_plan(plan, version=18, schema=known)
        for hazard in finding.hazards
        if hazard.severity is Severity.STOP and hazard.silenced is None
    ]
    assert stops == []
    assert all(step.title and step.rollback for step in plan.steps)
