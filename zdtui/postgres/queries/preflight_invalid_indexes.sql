-- One row an invalid index on one of these tables or their partitions (leftovers '..._ccnew' among them).
-- An index on a partitioned table that is invalid only because partitions are still missing counts, too.
-- $1: the tables with their schemas, as SQL writes them (text[]). PostgreSQL 13 and later. Needs no privilege.
SELECT DISTINCT i.indrelid::regclass::text AS "table", i.indexrelid::regclass::text AS "index"
  FROM pg_catalog.unnest($1::text[]) AS t(name)
 CROSS JOIN LATERAL (SELECT pg_catalog.to_regclass(t.name) AS relid
                      UNION
                     SELECT p.relid FROM pg_catalog.pg_partition_tree(pg_catalog.to_regclass(t.name)) AS p) AS r
  JOIN pg_catalog.pg_index AS i ON i.indrelid = r.relid
 WHERE NOT i.indisvalid
 ORDER BY 1, 2
