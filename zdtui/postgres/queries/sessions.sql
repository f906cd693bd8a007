-- One row: how many sessions there are, how many are active or idle in a transaction, how many this role may not look into, and the age of
-- the oldest transaction (interval; null: none is open). Autovacuum and walsenders do not count for it.
-- $1: pids whose transactions do not count (integer[]). PostgreSQL 13 and later. Needs pg_monitor to see all.
SELECT pg_catalog.count(*) FILTER (WHERE a.backend_type = 'client backend' OR a.backend_type IS NULL AND a.usesysid IS NOT NULL)
           AS total,
       pg_catalog.count(*) FILTER (WHERE a.backend_type = 'client backend' AND a.state = 'active') AS active,
       pg_catalog.count(*) FILTER (WHERE a.backend_type = 'client backend' AND a.state LIKE 'idle in transaction%')
           AS idle_in_transaction,
       pg_catalog.count(*) FILTER (WHERE a.backend_type IS NULL AND a.usesysid IS NOT NULL) AS hidden,
       pg_catalog.clock_timestamp() - pg_catalog.min(a.xact_start) FILTER (
           WHERE a.pid <> ALL ($1::integer[]) AND a.backend_type NOT IN ('walsender', 'autovacuum worker')
       ) AS oldest_transaction
  FROM pg_catalog.pg_stat_activity AS a
