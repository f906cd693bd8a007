"""A plan with every way in which a step is carried out, and texts that tools are known to stumble over."""

from zdtui.plan.load import parse_plan
from zdtui.plan.model import Plan, SqlAction, SqlRollback, Step

TEXT = r"""
zdtui: 1
name: shop
title: Everything that can be exported
steps:
  - id: add-column
    title: A column, and a function
    phase: expand
    notes: |
      It is small.
      A second line.
    sql: |
      -- a comment; with a semicolon
      ALTER TABLE users ADD COLUMN email text DEFAULT 'a:b %s ${c} \:d 10:30 "q"';
      CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$
      BEGIN
        RETURN array_length('{1,2}'::int[], 1);
      END $$
    rollback: |
      DROP FUNCTION f();
      ALTER TABLE users DROP COLUMN email
    verify: SELECT count(*) = 0 FROM users WHERE email IS NULL
  - id: indexes
    title: Two indexes
    phase: expand
    sql: |
      CREATE INDEX CONCURRENTLY one ON users (email); -- the first
      CREATE INDEX CONCURRENTLY two ON users (lower(email));
    rollback: DROP INDEX CONCURRENTLY one, two
  - id: one-back-of-two
    title: Back in two, there in one
    phase: expand
    sql: CREATE TABLE three (x int)
    rollback: |
      DROP INDEX CONCURRENTLY IF EXISTS gone;
      DROP TABLE three;
  - id: fill
    title: Fill it
    phase: backfill
    backfill:
      table: users
      set: {email: "'x'"}
      where: email IS NULL
    rollback: UPDATE users SET email = NULL
  - id: look
    title: Look
    phase: verify
    check: SELECT true
    rollback: {none: it only looks}
  - id: rest
    title: Rest
    phase: verify
    wait: 1h
    rollback: {none: only time passed}
  - id: deploy
    title: Deploy
    phase: switch
    manual: Deploy the release that reads email.
    rollback: {none: deploy the one before it}
  - id: gone
    title: It goes
    phase: contract
    sql: DROP TABLE old_users
    rollback: {irreversible: the rows are gone}
"""
PLAN = parse_plan(TEXT, "all.yaml")


def sql_of(step: Step) -> tuple[list[str], list[str]]:
    """Its statements there, and back."""
    there = [each.text for each in step.action.statements] if isinstance(step.action, SqlAction) else []
    back = [each.text for each in step.rollback.statements] if isinstance(step.rollback, SqlRollback) else []
    return there, back


def all_of(plan: Plan, *, but: str = "") -> tuple[list[str], list[str]]:
    """Every statement of the plan in time, there and back; `but`: without those of that
    history and the locks of its tool."""
    there = [text for step in plan.steps for text in sql_of(step)[0]]
    back = [text for step in reversed(plan.steps) for text in sql_of(step)[1]]
    others = (but, "pg_advisory_xact_lock") if but else ()
    kept = [[each for each in side if not any(other in each for other in others)] for side in (there, back)]
    return kept[0], kept[1]
