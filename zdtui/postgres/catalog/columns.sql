-- One row a column of a table, foreign table or view of people, in their order.
-- PostgreSQL 13 and later. Needs no privilege.
SELECT n.nspname::text AS schema, c.relname::text AS name, a.attname::text AS "column",
       pg_catalog.format_type(a.atttypid, a.atttypmod) AS type, a.attnotnull AS not_null,
       coalesce((SELECT l.collname::text FROM pg_catalog.pg_collation AS l
                  WHERE l.oid = a.attcollation AND l.collname <> 'default'), '') AS collation,
       a.attidentity <> '' AS identity
  FROM pg_catalog.pg_attribute AS a
  JOIN pg_catalog.pg_class AS c ON c.oid = a.attrelid
  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
 WHERE n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast') AND n.nspname !~ '^pg_(temp|toast_temp)_'
   AND c.relkind IN ('r', 'p', 'f', 'v', 'm') AND a.attnum > 0 AND NOT a.attisdropped
 ORDER BY c.oid, a.attnum
