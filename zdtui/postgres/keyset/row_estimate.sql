-- One row: the planner's estimate of the rows in a table and its partitions; null when it was never analyzed.
-- $1: the table as the author wrote it. Server versions: 13 and later. Needs no privilege.
SELECT pg_catalog.sum(CASE WHEN c.reltuples < 0 THEN NULL ELSE c.reltuples END)::float8
  FROM pg_catalog.pg_class AS c
 WHERE c.relkind IN ('r', 'm')
   AND (c.oid = $1::text::regclass OR c.oid IN (SELECT t.relid FROM pg_catalog.pg_partition_tree($1::text::regclass) AS t))
