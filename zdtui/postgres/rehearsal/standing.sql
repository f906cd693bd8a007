-- One row: the database, whether its server is a standby, and the standbys that stream from it, by name (those of which
-- this role may see nothing as '?'). Base backups and receivers of logical changes are no standbys. 13 and later.
SELECT pg_catalog.current_database()::text AS database, pg_catalog.pg_is_in_recovery() AS in_recovery,
       ARRAY(SELECT DISTINCT coalesce(nullif(a.application_name, ''), '?')
               FROM pg_catalog.pg_stat_get_wal_senders() AS s
              CROSS JOIN LATERAL pg_catalog.pg_stat_get_activity(s.pid) AS a
              WHERE (s.state IS NULL OR s.state <> 'backup')
                AND NOT EXISTS (SELECT FROM pg_catalog.pg_replication_slots AS r
                                 WHERE r.active_pid = s.pid AND r.slot_type = 'logical')
              ORDER BY 1) AS standbys
