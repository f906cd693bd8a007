-- One row: what presses on the whole server. `archive_backlog`: WAL segments since the last one archived (null: no archiving,
-- or none was archived yet). `requested_checkpoints`: server checkpoints asked for since the statistics were reset.
-- `vacuumed`: tables autovacuum works on. Null WAL position on a standby. PostgreSQL 17 and later. Needs no privilege.
SELECT CASE WHEN pg_catalog.pg_is_in_recovery() THEN NULL
            ELSE (pg_catalog.pg_current_wal_insert_lsn() - '0/0'::pg_lsn)::bigint END AS wal,
       CASE WHEN pg_catalog.current_setting('archive_mode') = 'off' OR pg_catalog.pg_is_in_recovery() THEN NULL
            ELSE (SELECT greatest(0, ((pg_catalog.pg_current_wal_lsn() - '0/0'::pg_lsn)::bigint / seg.bytes)
                         - (('x' || pg_catalog.substr(a.last_archived_wal, 9, 8))::bit(32)::bigint * (4294967296 / seg.bytes)
                            + ('x' || pg_catalog.substr(a.last_archived_wal, 17, 8))::bit(32)::bigint) - 1)
                    FROM pg_catalog.pg_stat_archiver AS a,
                         (SELECT s.setting::bigint AS bytes FROM pg_catalog.pg_settings AS s
                           WHERE s.name = 'wal_segment_size') AS seg
                   WHERE a.last_archived_wal ~ '^[0-9A-F]{24}$') END AS archive_backlog,
       (SELECT k.num_requested FROM pg_catalog.pg_stat_checkpointer AS k) AS requested_checkpoints,
       (SELECT coalesce(pg_catalog.array_agg(n.nspname || '.' || c.relname), '{}')
          FROM pg_catalog.pg_stat_progress_vacuum AS v
          JOIN pg_catalog.pg_class AS c ON c.oid = v.relid
          JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
         WHERE v.datname = pg_catalog.current_database()) AS vacuumed
