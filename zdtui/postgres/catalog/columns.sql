-- One row a column of a table, foreign table or view of people, in their order. `highest` is the highest value of a key of
-- two or four bytes as of the last ANALYZE, which locks nothing to find out; null where that is not known.
-- $1: of these relations alone (oid[]), and then without `highest`; null: of all. PostgreSQL 13 and later. Needs no privilege.
SELECT n.nspname::text AS schema, c.relname::text AS name, a.attname::text AS "column",
       pg_catalog.format_type(a.atttypid, a.atttypmod) AS type, a.attnotnull AS not_null,
       coalesce((SELECT l.collname::text FROM pg_catalog.pg_collation AS l
                  WHERE l.oid = a.attcollation AND l.collname <> 'default'), '') AS collation,
       a.attidentity <> '' AS identity,
       CASE WHEN $1::oid[] IS NULL
             AND a.atttypid IN ('pg_catalog.int4'::regtype, 'pg_catalog.int2'::regtype)
             AND EXISTS (SELECT FROM pg_catalog.pg_index AS x
                          WHERE x.indrelid = c.oid AND x.indisprimary AND x.indkey::text = a.attnum::text)
            THEN (SELECT (bounds.list)[pg_catalog.cardinality(bounds.list)]
                    FROM pg_catalog.pg_stats AS s
                   CROSS JOIN LATERAL (SELECT s.histogram_bounds::text::bigint[] AS list) AS bounds
                   WHERE s.schemaname = n.nspname AND s.tablename = c.relname AND s.attname = a.attname
                   ORDER BY s.inherited DESC LIMIT 1) END AS highest
  FROM pg_catalog.pg_attribute AS a
  JOIN pg_catalog.pg_class AS c ON c.oid = a.attrelid
  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
 WHERE n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast') AND n.nspname !~ '^pg_(temp|toast_temp)_'
   AND c.relkind IN ('r', 'p', 'f', 'v', 'm') AND a.attnum > 0 AND NOT a.attisdropped
   AND ($1::oid[] IS NULL OR c.oid = ANY ($1::oid[]))
 ORDER BY c.oid, a.attnum
