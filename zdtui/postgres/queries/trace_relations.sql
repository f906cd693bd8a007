-- One row a relation of people: its kind, the file its rows are in, and how often it was scanned whole.
-- $1: count the scans of this transaction (true), or those of all sessions that have ended (false).
-- Temporary ones and TOAST are left out. PostgreSQL 13 and later. Needs no privilege.
SELECT c.oid::bigint AS oid, n.nspname::text AS schema, c.relname::text AS name, c.relkind::text AS kind,
       pg_catalog.pg_relation_filenode(c.oid)::bigint AS filenode,
       CASE WHEN $1::boolean THEN pg_catalog.pg_stat_get_xact_numscans(c.oid)
            ELSE pg_catalog.pg_stat_get_numscans(c.oid) END AS scans
  FROM pg_catalog.pg_class AS c
  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
 WHERE n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast') AND n.nspname !~ '^pg_(temp|toast_temp)_'
   AND c.relkind <> 'c'
