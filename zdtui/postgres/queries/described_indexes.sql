-- One row an index of the relation $1 (its oid). PostgreSQL 13 and later. Needs no privilege.
SELECT c.relname::text AS name,
       pg_catalog.pg_get_indexdef(x.indexrelid) AS definition,
       x.indisprimary AS is_primary, x.indisunique AS is_unique, x.indisvalid AS valid,
       c.relpages::bigint * pg_catalog.current_setting('block_size'::text)::bigint AS size_bytes
  FROM pg_catalog.pg_index AS x
  JOIN pg_catalog.pg_class AS c ON c.oid = x.indexrelid
 WHERE x.indrelid = $1::bigint::oid
 ORDER BY c.relname
 LIMIT 200
