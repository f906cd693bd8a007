"""Small plans of one step each, for what the tour is too long for."""

FILL = """
zdtui: 1
name: fill
title: A backfill of 150 batches
target: {{database: {database}, environment: staging}}
steps:
  - id: fill
    title: Mark every user
    phase: backfill
    backfill:
      table: users
      set: {{phone: "'marked'"}}
      where: phone IS DISTINCT FROM 'marked'
      batch_rows: 20
      max_batch_rows: 20
      batch_pause: {pause}
    rollback: {{none: it is a test}}
"""
LONG = """
zdtui: 1
name: long
title: A statement that does not end within a test
target: {{database: {database}, environment: staging}}
steps:
  - id: sleep
    title: Sleep on the server
    phase: expand
    statement_timeout: 30min
    sql: |
      CREATE TABLE made (i int);
      SELECT pg_sleep(900);
    rollback: DROP TABLE made
"""
