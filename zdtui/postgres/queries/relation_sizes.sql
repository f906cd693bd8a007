-- One row a relation that was asked for and was ever vacuumed or analysed: how big it is with its partitions and TOAST, without indexes.
-- Sizes are pages as of the last VACUUM or ANALYZE, so that nothing is locked to find out. $1: schema-qualified names (text[]).
-- PostgreSQL 13 and later. Needs no privilege.
SELECT asked.name,
       pg_catalog.sum((part.relpages::bigint
                       + coalesce((SELECT t.relpages FROM pg_catalog.pg_class AS t WHERE t.oid = part.reltoastrelid), 0))
                      * pg_catalog.current_setting('block_size')::bigint)::bigint AS bytes,
       pg_catalog.sum(part.reltuples)::bigint AS rows
  FROM pg_catalog.unnest($1::text[]) AS asked (name)
  JOIN pg_catalog.pg_class AS c ON c.oid = pg_catalog.to_regclass(asked.name)
 CROSS JOIN LATERAL (SELECT coalesce(pg_catalog.array_agg(DISTINCT t.relid::oid), ARRAY[c.oid]) AS oids
                       FROM pg_catalog.pg_partition_tree(c.oid) AS t) AS tree
  JOIN pg_catalog.pg_class AS part ON part.oid = ANY (tree.oids) AND part.reltuples >= 0 AND part.relkind <> 'p'
 GROUP BY asked.name
