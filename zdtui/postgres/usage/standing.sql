-- One row: what can be told of pg_stat_statements before it is asked. `schema`: where the extension is; null: it is not in this
-- database. `most`: pg_stat_statements.max; null: the library is not loaded. `tells_evictions`: the extension is new enough to
-- say when it was reset and what it dropped. `reads_all`: this role sees what other roles have sent. `not_counted`: roles (or
-- 'every role') for which a setting of theirs switches it off. `standbys`: how many stream from here.
-- `postmaster_started` and `now` by the server's clock. PostgreSQL 13 and later. Needs no privilege.
SELECT (SELECT n.nspname::text FROM pg_catalog.pg_extension AS e
          JOIN pg_catalog.pg_namespace AS n ON n.oid = e.extnamespace
         WHERE e.extname = 'pg_stat_statements') AS schema,
       (SELECT EXISTS (SELECT FROM pg_catalog.pg_class AS c
                        WHERE c.relnamespace = e.extnamespace AND c.relname = 'pg_stat_statements_info')
          FROM pg_catalog.pg_extension AS e WHERE e.extname = 'pg_stat_statements') AS tells_evictions,
       pg_catalog.current_setting('pg_stat_statements.max', true) AS most,
       pg_catalog.current_setting('pg_stat_statements.track', true) AS track,
       pg_catalog.current_setting('pg_stat_statements.track_utility', true) AS track_utility,
       pg_catalog.current_setting('compute_query_id', true) AS compute_query_id,
       pg_catalog.current_setting('is_superuser') = 'on'
       OR pg_catalog.pg_has_role('pg_read_all_stats', 'USAGE') AS reads_all,
       current_user::text AS role,
       ARRAY(SELECT DISTINCT coalesce(r.rolname::text, 'every role')
               FROM pg_catalog.pg_db_role_setting AS s
               LEFT JOIN pg_catalog.pg_roles AS r ON r.oid = s.setrole
              CROSS JOIN LATERAL pg_catalog.unnest(s.setconfig) AS c(setting)
              WHERE s.setdatabase IN (0, (SELECT d.oid FROM pg_catalog.pg_database AS d
                                           WHERE d.datname = pg_catalog.current_database()))
                AND pg_catalog.lower(c.setting) IN ('pg_stat_statements.track=none', 'compute_query_id=off')
              ORDER BY 1) AS not_counted,
       (SELECT pg_catalog.count(*)::int FROM pg_catalog.pg_stat_replication AS w) AS standbys,
       pg_catalog.pg_postmaster_start_time() AS postmaster_started,
       pg_catalog.clock_timestamp() AS now
