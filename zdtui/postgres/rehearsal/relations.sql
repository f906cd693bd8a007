-- One row a relation of people that can be locked: its kind, the file its rows are in, how often it was read whole, its
-- bytes without indexes (of a partitioned table those of its partitions; null: not asked for, or none), and its rows by
-- the planner's estimate (null: never analysed). $1: with the bytes (boolean), for which each relation is locked for a
-- moment. PostgreSQL 13 and later.
SELECT c.oid::bigint AS oid, n.nspname::text AS schema, c.relname::text AS name, c.relkind::text AS kind,
       pg_catalog.pg_relation_filenode(c.oid)::bigint AS filenode,
       pg_catalog.pg_stat_get_numscans(c.oid) AS scans,
       CASE WHEN NOT $1::boolean THEN NULL
            WHEN c.relkind IN ('r', 'm') THEN pg_catalog.pg_table_size(c.oid)
            WHEN c.relkind = 'p' THEN (SELECT coalesce(pg_catalog.sum(pg_catalog.pg_table_size(t.relid)), 0)::bigint
                                         FROM pg_catalog.pg_partition_tree(c.oid) AS t WHERE t.isleaf) END AS bytes,
       CASE WHEN c.reltuples < 0 THEN NULL ELSE c.reltuples::bigint END AS row_estimate
  FROM pg_catalog.pg_class AS c
  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
 WHERE n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast', 'zdtui', 'zdtui_rehearsal')
   AND n.nspname !~ '^pg_(temp|toast_temp)_'
   AND c.relkind IN ('r', 'm', 'p', 'f', 'v')
