-- One row a function by which a managed service tells how far its readers are behind, and its schema. Only those that the
-- server brought along or that belong to a superuser: nobody else's function is called because of its name.
-- PostgreSQL 13 and later. Needs no privilege.
SELECT p.proname::text AS name, n.nspname::text AS schema
  FROM pg_catalog.pg_proc AS p
  JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace
  JOIN pg_catalog.pg_roles AS o ON o.oid = p.proowner
 WHERE p.proname IN ('aurora_version', 'aurora_replica_status', 'aurora_global_db_instance_status')
   AND p.pronargs = 0
   AND n.nspname IN ('pg_catalog', 'public') AND o.rolsuper
 ORDER BY n.nspname <> 'pg_catalog'
