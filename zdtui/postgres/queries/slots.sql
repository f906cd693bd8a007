-- One row a replication slot. `restart_lsn` in bytes since the beginning of time: WAL from there on is retained.
-- PostgreSQL 13 and later. Needs no privilege.
SELECT s.slot_name::text AS name, s.slot_type, s.active, (s.restart_lsn - '0/0'::pg_lsn)::bigint AS restart_lsn, s.wal_status
  FROM pg_catalog.pg_replication_slots AS s
 ORDER BY s.slot_name
