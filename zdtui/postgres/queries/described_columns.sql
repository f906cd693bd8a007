-- One row a column of the relation $1 (its oid), in their order: no statistics, which would hold values of rows.
-- PostgreSQL 13 and later. Needs no privilege.
SELECT a.attname::text AS name,
       pg_catalog.format_type(a.atttypid, a.atttypmod) AS type,
       a.attnotnull AS not_null,
       pg_catalog.pg_get_expr(d.adbin, d.adrelid) AS default_expression,
       a.attidentity <> ''::"char" AS identity,
       a.attgenerated <> ''::"char" AS generated
  FROM pg_catalog.pg_attribute AS a
  LEFT JOIN pg_catalog.pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
 WHERE a.attrelid = $1::bigint::oid AND a.attnum > 0::smallint AND NOT a.attisdropped
 ORDER BY a.attnum
 LIMIT 1600
