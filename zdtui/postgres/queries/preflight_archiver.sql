-- One row: whether WAL is archived, and whether the newest try failed. Needs no privilege. PostgreSQL 13 and later.
SELECT pg_catalog.current_setting('archive_mode') <> 'off' AS archiving,
       coalesce(s.last_failed_time > coalesce(s.last_archived_time, '-infinity'), false) AS failing,
       s.last_archived_time IS NOT NULL AS worked,
       s.last_failed_wal::text AS wal, pg_catalog.clock_timestamp() - s.last_failed_time AS ago
  FROM pg_catalog.pg_stat_archiver AS s
