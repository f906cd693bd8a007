-- One row a trigger of people's own that is not switched off, with the function it runs, and the names that this reads the
-- changed rows by.
-- PostgreSQL 13 and later. Needs no privilege.
SELECT g.tgname::text AS name, n.nspname::text AS schema, c.relname::text AS "table",
       f.nspname::text AS function_schema, p.proname::text AS function,
       ARRAY(SELECT t.name::text FROM (VALUES (g.tgoldtable), (g.tgnewtable)) AS t(name) WHERE t.name IS NOT NULL)
         AS transition_tables
  FROM pg_catalog.pg_trigger AS g
  JOIN pg_catalog.pg_class AS c ON c.oid = g.tgrelid
  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
  JOIN pg_catalog.pg_proc AS p ON p.oid = g.tgfoid
  JOIN pg_catalog.pg_namespace AS f ON f.oid = p.pronamespace
 WHERE NOT g.tgisinternal AND g.tgenabled <> 'D'
 ORDER BY g.oid
