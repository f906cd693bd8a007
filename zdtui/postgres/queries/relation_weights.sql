-- One row a relation that was asked for and exists: how big it is with its partitions, indexes and TOAST, and what hangs on it.
-- Sizes are pages as of the last VACUUM or ANALYZE (null: there was none), so that nothing is locked to find out.
-- `writes`: rows inserted, updated and deleted since the statistics were last reset; null where they are
-- not counted. $1: schema-qualified names (text[]).
-- PostgreSQL 13 and later. Needs no privilege.
SELECT asked.name, c.oid::bigint AS oid,
       (SELECT pg_catalog.sum(part.relpages::bigint
                    + coalesce((SELECT t.relpages FROM pg_catalog.pg_class AS t WHERE t.oid = part.reltoastrelid), 0)
                    + coalesce((SELECT pg_catalog.sum(i.relpages) FROM pg_catalog.pg_index AS x
                                  JOIN pg_catalog.pg_class AS i ON i.oid = x.indexrelid
                                 WHERE x.indrelid = part.oid), 0))::bigint
               * pg_catalog.current_setting('block_size')::bigint
          FROM pg_catalog.pg_class AS part
         WHERE part.oid = ANY (tree.oids) AND part.reltuples >= 0 AND part.relkind <> 'p') AS size_bytes,
       (SELECT pg_catalog.sum(part.reltuples)::bigint FROM pg_catalog.pg_class AS part
         WHERE part.oid = ANY (tree.oids) AND part.reltuples >= 0 AND part.relkind <> 'p') AS row_estimate,
       (SELECT pg_catalog.sum(pg_catalog.pg_stat_get_tuples_inserted(part) + pg_catalog.pg_stat_get_tuples_updated(part)
                              + pg_catalog.pg_stat_get_tuples_deleted(part))::bigint
          FROM pg_catalog.unnest(tree.oids) AS part
         WHERE pg_catalog.current_setting('track_counts')::boolean) AS writes,
       (SELECT pg_catalog.count(*) FROM pg_catalog.pg_index AS x WHERE x.indrelid = c.oid) AS indexes,
       pg_catalog.cardinality(tree.oids) - 1 AS partitions,
       (SELECT pg_catalog.count(*) FROM pg_catalog.pg_constraint AS f
         WHERE f.confrelid = c.oid AND f.contype = 'f' AND f.conrelid <> c.oid AND f.conparentid = 0) AS referenced_by,
       (SELECT pg_catalog.count(*) FROM pg_catalog.pg_trigger AS g
         WHERE g.tgrelid = c.oid AND NOT g.tgisinternal) AS triggers,
       CASE c.relreplident WHEN 'n' THEN 'nothing' WHEN 'f' THEN 'full' WHEN 'i' THEN 'index' ELSE 'default' END
         AS replica_identity,
       (SELECT pg_catalog.count(*) FROM pg_catalog.pg_publication AS p
         WHERE p.puballtables OR EXISTS (SELECT FROM pg_catalog.pg_publication_rel AS r
                                          WHERE r.prpubid = p.oid AND r.prrelid = c.oid)) AS publications
  FROM pg_catalog.unnest($1::text[]) AS asked (name)
  JOIN pg_catalog.pg_class AS c ON c.oid = pg_catalog.to_regclass(asked.name)
 CROSS JOIN LATERAL (SELECT coalesce(pg_catalog.array_agg(DISTINCT t.relid::oid), ARRAY[c.oid]) AS oids
                       FROM pg_catalog.pg_partition_tree(c.oid) AS t) AS tree
