-- One row a PL/pgSQL function that a trigger of a table of people's own runs. Reads catalogs only; locks nothing.
-- `function`: its name and argument types, as SQL writes them. PostgreSQL 13 and later. Needs no privilege.
SELECT DISTINCT n.nspname::text AS schema, c.relname::text AS name,
       pg_catalog.format('%I.%I(%s)', f.nspname, p.proname, pg_catalog.pg_get_function_identity_arguments(p.oid)) AS function,
       p.procost::text AS cost
  FROM pg_catalog.pg_trigger AS g
  JOIN pg_catalog.pg_class AS c ON c.oid = g.tgrelid
  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
  JOIN pg_catalog.pg_proc AS p ON p.oid = g.tgfoid
  JOIN pg_catalog.pg_namespace AS f ON f.oid = p.pronamespace
  JOIN pg_catalog.pg_language AS l ON l.oid = p.prolang
 WHERE NOT g.tgisinternal AND l.lanname = 'plpgsql'
   AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND f.nspname <> 'pg_catalog'
