-- One row a foreign key ('f'), check ('c') or NOT NULL ('n') constraint of people's tables.
-- $1: of these relations alone (oid[]); null: of all. PostgreSQL 13 and later. Needs no privilege. `numbers` are those of `columns`; `tree` is a check's expression, which is
-- not asked for as text, because that would lock the table.
SELECT k.contype::text AS kind, k.conname::text AS name, n.nspname::text AS schema, c.relname::text AS "table",
       ARRAY(SELECT a.attname::text FROM pg_catalog.pg_attribute AS a
              WHERE a.attrelid = k.conrelid AND a.attnum = ANY (k.conkey)
              ORDER BY pg_catalog.array_position(k.conkey, a.attnum)) AS columns,
       k.conkey AS numbers,
       rn.nspname::text AS ref_schema, r.relname::text AS ref_table,
       ARRAY(SELECT a.attname::text FROM pg_catalog.pg_attribute AS a
              WHERE a.attrelid = k.confrelid AND a.attnum = ANY (k.confkey)
              ORDER BY pg_catalog.array_position(k.confkey, a.attnum)) AS ref_columns,
       k.convalidated AS validated, k.connoinherit AS no_inherit,
       coalesce(k.conbin::text, '') AS tree,
       EXISTS (SELECT FROM pg_catalog.pg_constraint AS p WHERE p.oid = k.conparentid AND p.conrelid <> k.conrelid)
         AS inherited,
       k.confdeltype IN ('c', 'n', 'd') OR k.confupdtype IN ('c', 'n', 'd') AS cascades
  FROM pg_catalog.pg_constraint AS k
  JOIN pg_catalog.pg_class AS c ON c.oid = k.conrelid
  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
  LEFT JOIN pg_catalog.pg_class AS r ON r.oid = k.confrelid
  LEFT JOIN pg_catalog.pg_namespace AS rn ON rn.oid = r.relnamespace
 WHERE n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast') AND k.contype IN ('f', 'c', 'n')
   AND ($1::oid[] IS NULL OR c.oid = ANY ($1::oid[]))
