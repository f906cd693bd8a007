-- At most one row: all that pg_replication_slots says of one slot, by that view's own names. No row: there is no such slot.
-- $1: its name. PostgreSQL 13 and later. Needs no privilege.
SELECT pg_catalog.to_jsonb(s) AS slot, s.active_pid
  FROM pg_catalog.pg_replication_slots AS s
 WHERE s.slot_name = $1::name
