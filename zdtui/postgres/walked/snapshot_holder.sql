-- One row: the next transaction id now, and who keeps rows that died since $1 was the next one from being pruned, with
-- the seconds it has done so where they are known; null for both when nobody does. $1: such an id, taken some time ago;
-- $2: our own sessions. A snapshot is what backend_xmin shows (a standby's with hot_standby_feedback too); replication
-- slots and prepared transactions count as well.
-- Server versions: 13 and later. Needs pg_monitor to see the sessions of other roles.
SELECT pg_catalog.pg_snapshot_xmax(pg_catalog.pg_current_snapshot())::text, h.what, h.seconds
  FROM (VALUES (1)) AS one (row)
  LEFT JOIN LATERAL (
       SELECT what, seconds
         FROM (SELECT 'pid ' || pid || ' ' || coalesce(nullif(application_name, ''), usename, backend_type) AS what,
                      backend_xmin AS oldest,
                      extract(epoch FROM pg_catalog.clock_timestamp() - xact_start)::float8 AS seconds
                 FROM pg_catalog.pg_stat_activity
                WHERE pid <> ALL ($2::integer[]) AND backend_type <> 'autovacuum worker'
                  AND (datname = pg_catalog.current_database() OR datname IS NULL)
               UNION ALL
               SELECT 'prepared transaction ' || gid, transaction,
                      extract(epoch FROM pg_catalog.clock_timestamp() - prepared)::float8
                 FROM pg_catalog.pg_prepared_xacts
                WHERE database = pg_catalog.current_database()
               UNION ALL
               SELECT 'replication slot ' || slot_name, xmin, NULL::float8
                 FROM pg_catalog.pg_replication_slots) AS holders
        WHERE oldest IS NOT NULL AND pg_catalog.age(oldest) >= pg_catalog.age($1::text::xid8::xid)
        ORDER BY pg_catalog.age(oldest) DESC
        LIMIT 1) AS h ON true
