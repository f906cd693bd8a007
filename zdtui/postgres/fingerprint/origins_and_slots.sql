-- One row a replication origin but those of subscriptions (they are called by a number), and one a slot of this database that outlives its session: a slot that was left behind
-- keeps the WAL for ever.
-- Server versions: 13 and later. Needs no privilege.
SELECT 'REPLICATION ORIGIN', o.roname, 'is there' FROM pg_catalog.pg_replication_origin AS o
 WHERE o.roname !~ '^pg_[0-9]+'
 UNION ALL
SELECT 'REPLICATION SLOT', s.slot_name::text, pg_catalog.concat_ws(' ', s.slot_type, s.plugin, CASE WHEN s.two_phase THEN 'two phase' END)
  FROM (SELECT r.slot_name, r.slot_type, r.plugin, r.database, r.temporary,
               (pg_catalog.to_jsonb(r) ->> 'two_phase')::boolean AS two_phase
          FROM pg_catalog.pg_replication_slots AS r) AS s
 WHERE s.database = pg_catalog.current_database() AND NOT s.temporary
