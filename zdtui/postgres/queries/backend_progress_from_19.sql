-- One row a long command of one backend that reports its progress, by the names of the view: `view`, and `figures`.
-- $1: its pid (integer). PostgreSQL 19 and later. Commands of others need pg_monitor (pg_read_all_stats).
SELECT 'pg_stat_progress_create_index' AS view, pg_catalog.to_jsonb(p) AS figures
  FROM pg_catalog.pg_stat_progress_create_index AS p WHERE p.pid = $1::integer
UNION ALL
SELECT 'pg_stat_progress_vacuum', pg_catalog.to_jsonb(p)
  FROM pg_catalog.pg_stat_progress_vacuum AS p WHERE p.pid = $1::integer
UNION ALL
SELECT 'pg_stat_progress_analyze', pg_catalog.to_jsonb(p)
  FROM pg_catalog.pg_stat_progress_analyze AS p WHERE p.pid = $1::integer
UNION ALL
SELECT 'pg_stat_progress_repack', pg_catalog.to_jsonb(p)
  FROM pg_catalog.pg_stat_progress_repack AS p WHERE p.pid = $1::integer
UNION ALL
SELECT 'pg_stat_progress_basebackup', pg_catalog.to_jsonb(p)
  FROM pg_catalog.pg_stat_progress_basebackup AS p WHERE p.pid = $1::integer
UNION ALL
SELECT 'pg_stat_progress_copy', pg_catalog.to_jsonb(p)
  FROM pg_catalog.pg_stat_progress_copy AS p WHERE p.pid = $1::integer
