-- One row a table that holds rows of the given one: itself, or its leaf partitions in the order of their names.
-- schema, table, name as SQL writes it, pages of its heap now, the planner's row count (null: never analyzed),
-- fillfactor, whether it is stored as a heap of its own (not with tables that inherit from it), whether the role may
-- read and update it, whether row security stands over it, and whether one of the columns in $2 is part of an index of
-- it, in its columns, expressions or predicate, summarizing ones (BRIN) aside from version 16 on; how many indexes.
-- Foreign partitions are not walked and come with a null for their pages.
-- $1: the table as SQL writes it; $2: names of columns. Server versions: 13 and later. Needs no privilege.
SELECT n.nspname::text, c.relname::text, pg_catalog.format('%I.%I', n.nspname, c.relname),
       CASE WHEN c.relkind = 'r' THEN pg_catalog.pg_relation_size(c.oid) / b.size END,
       CASE WHEN c.reltuples >= 0 THEN c.reltuples::float8 END,
       coalesce((SELECT o.option_value::integer
                   FROM pg_catalog.pg_options_to_table(c.reloptions) AS o
                  WHERE o.option_name = 'fillfactor'), 100),
       coalesce(m.amname = 'heap', false)
         AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_inherits AS h WHERE h.inhparent = c.oid),
       pg_catalog.has_table_privilege(c.oid, 'SELECT') AND pg_catalog.has_table_privilege(c.oid, 'UPDATE'),
       c.relrowsecurity,
       EXISTS (SELECT 1
                 FROM pg_catalog.pg_index AS i
                 JOIN pg_catalog.pg_class AS x ON x.oid = i.indexrelid
                 JOIN pg_catalog.pg_am AS xm ON xm.oid = x.relam
                 JOIN pg_catalog.pg_attribute AS a ON a.attrelid = i.indrelid AND a.attname = ANY ($2::text[])
                WHERE i.indrelid = c.oid
                  AND NOT (xm.amname = 'brin' AND pg_catalog.current_setting('server_version_num')::integer >= 160000)
                  AND (a.attnum = ANY (i.indkey::smallint[])
                       OR EXISTS (SELECT 1
                                    FROM pg_catalog.pg_depend AS d
                                   WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = i.indexrelid
                                     AND d.refclassid = 'pg_catalog.pg_class'::regclass
                                     AND d.refobjid = c.oid AND d.refobjsubid = a.attnum))),
       (SELECT pg_catalog.count(*) FROM pg_catalog.pg_index AS i WHERE i.indrelid = c.oid)
  FROM (SELECT p.relid
          FROM pg_catalog.pg_partition_tree($1::text::regclass) AS p
         WHERE p.isleaf
         UNION
        SELECT $1::text::regclass
         WHERE NOT EXISTS (SELECT 1 FROM pg_catalog.pg_partitioned_table AS t WHERE t.partrelid = $1::text::regclass)
       ) AS leaves (oid)
  JOIN pg_catalog.pg_class AS c ON c.oid = leaves.oid
  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
  LEFT JOIN pg_catalog.pg_am AS m ON m.oid = c.relam
 CROSS JOIN (SELECT pg_catalog.current_setting('block_size')::bigint AS size) AS b
 ORDER BY n.nspname, c.relname
