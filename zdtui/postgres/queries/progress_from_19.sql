-- One row a long command that reports its progress in this database (and base backups): `done` of `total` in `unit`;
-- `waits_for` is the pid a CONCURRENTLY build waits for. Null phase: the role may not see it.
-- PostgreSQL 19 and later. Commands of others need pg_monitor (pg_read_all_stats).
SELECT p.pid, p.command, n.nspname || '.' || c.relname AS relation, p.phase,
       CASE p.unit WHEN 'lockers' THEN p.lockers_done WHEN 'tuples' THEN p.tuples_done ELSE p.blocks_done END AS done,
       CASE p.unit WHEN 'lockers' THEN p.lockers_total WHEN 'tuples' THEN p.tuples_total ELSE p.blocks_total END AS total,
       p.unit, coalesce((SELECT w.leader_pid FROM pg_catalog.pg_stat_get_activity(coalesce(p.current_locker_pid, 0)::integer) AS w
                         WHERE w.backend_type = 'parallel worker'), nullif(p.current_locker_pid, 0)::integer) AS waits_for
  FROM (SELECT i.*, CASE WHEN i.phase LIKE 'waiting%' THEN 'lockers'
                         WHEN i.phase LIKE '%tuples%' OR i.phase LIKE '%sorting%' THEN 'tuples'
                         ELSE 'blocks' END AS unit
          FROM pg_catalog.pg_stat_progress_create_index AS i) AS p
  LEFT JOIN pg_catalog.pg_class AS c ON c.oid = p.relid
  LEFT JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
 WHERE p.datname = pg_catalog.current_database()
UNION ALL
SELECT p.pid, 'VACUUM', n.nspname || '.' || c.relname, p.phase,
       CASE p.phase WHEN 'vacuuming heap' THEN p.heap_blks_vacuumed ELSE p.heap_blks_scanned END,
       p.heap_blks_total, 'blocks', NULL
  FROM pg_catalog.pg_stat_progress_vacuum AS p
  LEFT JOIN pg_catalog.pg_class AS c ON c.oid = p.relid
  LEFT JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
 WHERE p.datname = pg_catalog.current_database()
UNION ALL
SELECT p.pid, 'ANALYZE', n.nspname || '.' || c.relname, p.phase, p.sample_blks_scanned, p.sample_blks_total, 'blocks', NULL
  FROM pg_catalog.pg_stat_progress_analyze AS p
  LEFT JOIN pg_catalog.pg_class AS c ON c.oid = p.relid
  LEFT JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
 WHERE p.datname = pg_catalog.current_database()
UNION ALL
SELECT p.pid, p.command, n.nspname || '.' || c.relname, p.phase, p.heap_blks_scanned, p.heap_blks_total, 'blocks', NULL
  FROM pg_catalog.pg_stat_progress_repack AS p
  LEFT JOIN pg_catalog.pg_class AS c ON c.oid = p.relid
  LEFT JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
 WHERE p.datname = pg_catalog.current_database()
UNION ALL
SELECT p.pid, 'BASE BACKUP', 'the whole cluster', p.phase, p.backup_streamed, p.backup_total, 'bytes', NULL
  FROM pg_catalog.pg_stat_progress_basebackup AS p
UNION ALL
SELECT p.pid, p.command, coalesce(n.nspname || '.' || c.relname, 'a query'), p.type, p.bytes_processed, p.bytes_total,
       'bytes', NULL
  FROM pg_catalog.pg_stat_progress_copy AS p
  LEFT JOIN pg_catalog.pg_class AS c ON c.oid = p.relid
  LEFT JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
 WHERE p.datname = pg_catalog.current_database()
