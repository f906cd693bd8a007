-- At most one row: a schema of the name that a rehearsal's journal has, and whether zdtui made it. Needs no privilege.
-- PostgreSQL 13 and later.
SELECT coalesce(pg_catalog.obj_description(n.oid, 'pg_namespace') LIKE 'journal of zdtui%', false) AS ours
  FROM pg_catalog.pg_namespace AS n
 WHERE n.nspname = 'zdtui_rehearsal'
