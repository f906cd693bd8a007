-- At most one row: the database in which a rehearsal of this one keeps its copy, and whether a rehearsal made it.
-- $1: its name (text). PostgreSQL 13 and later. Needs no privilege.
SELECT d.datname::text AS name,
       coalesce(pg_catalog.shobj_description(d.oid, 'pg_database') LIKE 'a copy for a rehearsal of zdtui%', false) AS ours
  FROM pg_catalog.pg_database AS d
 WHERE d.datname = $1::text
