-- One row: whether this server is a standby, and how far its WAL goes, in bytes since the beginning of time.
-- PostgreSQL 13 and later. Needs no privilege.
SELECT pg_catalog.pg_is_in_recovery() AS in_recovery,
       (CASE WHEN pg_catalog.pg_is_in_recovery()
             THEN coalesce(pg_catalog.pg_last_wal_receive_lsn(), pg_catalog.pg_last_wal_replay_lsn())
             ELSE pg_catalog.pg_current_wal_lsn() END - '0/0'::pg_lsn)::bigint AS lsn
