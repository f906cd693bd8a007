-- One row a primary key, unique or exclusion constraint: its columns, for ON CONFLICT ON CONSTRAINT. And one row a generated
-- column: its expression. PostgreSQL 13 and later. Needs no privilege.
SELECT 'constraint' AS kind, n.nspname::text AS schema, c.relname::text AS "table", k.conname::text AS name,
       ARRAY(SELECT a.attname::text FROM pg_catalog.pg_attribute AS a
              WHERE a.attrelid = c.oid AND a.attnum = ANY (k.conkey)) AS columns, NULL::text AS expression
  FROM pg_catalog.pg_constraint AS k
  JOIN pg_catalog.pg_class AS c ON c.oid = k.conrelid
  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
 WHERE k.contype IN ('p', 'u', 'x')
 UNION ALL
SELECT 'generated', n.nspname::text, c.relname::text, a.attname::text, NULL,
       pg_catalog.pg_get_expr(f.adbin, f.adrelid)
  FROM pg_catalog.pg_attribute AS a
  JOIN pg_catalog.pg_attrdef AS f ON f.adrelid = a.attrelid AND f.adnum = a.attnum
  JOIN pg_catalog.pg_class AS c ON c.oid = a.attrelid
  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
 WHERE a.attgenerated <> '' AND NOT a.attisdropped
