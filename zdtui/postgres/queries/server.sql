-- One row: what is written to disk on behalf of everybody. `archiving`: WAL is archived, so that a backlog can be.
-- `archived`: the newest WAL file that was (null: none since the statistics were reset). `segment`: bytes of a WAL file.
-- PostgreSQL 13 and later. Needs no privilege.
SELECT pg_catalog.current_setting('archive_mode') <> 'off' AND NOT pg_catalog.pg_is_in_recovery() AS archiving,
       CASE WHEN a.last_archived_wal ~ '^[0-9A-F]{24}$' THEN a.last_archived_wal::text END AS archived,
       pg_catalog.pg_size_bytes(pg_catalog.current_setting('wal_segment_size')) AS segment
  FROM pg_catalog.pg_stat_archiver AS a
