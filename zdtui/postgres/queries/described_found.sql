-- One row a relation of that name that may be described: tables, partitioned and foreign tables, views and materialized views
-- of people's own. $1: the schema (null: any), $2: the name. PostgreSQL 13 and later. Needs no privilege.
SELECT c.oid::bigint AS oid, n.nspname::text AS schema, c.relname::text AS name,
       CASE c.relkind WHEN 'r'::"char" THEN 'table'::text WHEN 'p'::"char" THEN 'partitioned table'::text
                      WHEN 'f'::"char" THEN 'foreign table'::text WHEN 'v'::"char" THEN 'view'::text
                      ELSE 'materialized view'::text END AS kind,
       c.relpersistence = 'u'::"char" AS unlogged,
       c.relispartition AS is_partition,
       c.relrowsecurity AS row_security
  FROM pg_catalog.pg_class AS c
  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
 WHERE c.relname = $2::text::name
   AND ($1::text IS NULL OR n.nspname = $1::text::name)
   AND c.relkind IN ('r'::"char", 'p'::"char", 'f'::"char", 'v'::"char", 'm'::"char")
   AND n.nspname NOT IN ('pg_catalog'::name, 'information_schema'::name, 'pg_toast'::name)
   AND n.nspname::text !~~ 'pg\_temp\_%'::text
 ORDER BY n.nspname
 LIMIT 20
