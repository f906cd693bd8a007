-- One row a rule over columns of such tables: 'u' (no two rows alike; of an index over expressions the columns these
-- name), 'f' (as in another table: which, and which columns there). PostgreSQL 13 and later. Needs no privilege.
SELECT n.nspname::text AS schema, c.relname::text AS name, 'u' AS kind,
       ARRAY(SELECT a.attname::text FROM pg_catalog.pg_attribute AS a
              WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
                AND (a.attnum = ANY (i.indkey::smallint[])
                     OR coalesce(pg_catalog.pg_get_expr(i.indexprs, c.oid), '') ~ ('\m' || a.attname::text || '\M'))
              ORDER BY a.attnum) AS columns,
       NULL::text AS other_schema, NULL::text AS other_name, NULL::text[] AS other_columns
  FROM pg_catalog.pg_index AS i
  JOIN pg_catalog.pg_class AS c ON c.oid = i.indrelid
  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
 WHERE i.indisunique AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND n.nspname !~ '^pg_'
UNION ALL
SELECT n.nspname::text, c.relname::text, 'f',
       ARRAY(SELECT a.attname::text FROM pg_catalog.unnest(k.conkey) WITH ORDINALITY AS u (attnum, place)
               JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND a.attnum = u.attnum ORDER BY u.place),
       fn.nspname::text, f.relname::text,
       ARRAY(SELECT a.attname::text FROM pg_catalog.unnest(k.confkey) WITH ORDINALITY AS u (attnum, place)
               JOIN pg_catalog.pg_attribute AS a ON a.attrelid = f.oid AND a.attnum = u.attnum ORDER BY u.place)
  FROM pg_catalog.pg_constraint AS k
  JOIN pg_catalog.pg_class AS c ON c.oid = k.conrelid
  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
  JOIN pg_catalog.pg_class AS f ON f.oid = k.confrelid
  JOIN pg_catalog.pg_namespace AS fn ON fn.oid = f.relnamespace
 WHERE k.contype = 'f' AND k.conparentid = 0 AND NOT c.relispartition
