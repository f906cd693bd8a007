-- One row a relation of people: kind, the table an index or a sequence belongs to, what it is a partition of.
-- Temporary ones are left out. $1: these alone (oid[]); null: all. PostgreSQL 13 and later. Needs no privilege.
SELECT c.oid::bigint AS oid, n.nspname::text AS schema, c.relname::text AS name, c.relkind::text AS kind,
       c.relpersistence = 'u' AS unlogged, c.relispartition AS is_partition,
       coalesce((SELECT p.partdefid = c.oid FROM pg_catalog.pg_inherits AS i
                   JOIN pg_catalog.pg_partitioned_table AS p ON p.partrelid = i.inhparent
                  WHERE i.inhrelid = c.oid), false) AS is_default,
       ARRAY(SELECT ARRAY[pn.nspname::text, pc.relname::text] FROM pg_catalog.pg_inherits AS i
               JOIN pg_catalog.pg_class AS pc ON pc.oid = i.inhparent
               JOIN pg_catalog.pg_namespace AS pn ON pn.oid = pc.relnamespace
              WHERE i.inhrelid = c.oid ORDER BY i.inhseqno) AS parents,
       coalesce(tn.nspname, sn.nspname)::text AS table_schema, coalesce(t.relname, s.relname)::text AS table_name,
       coalesce(x.indisunique, false) AS is_unique, coalesce(x.indisprimary, false) AS is_primary,
       coalesce(x.indexprs IS NULL AND x.indpred IS NULL AND x.indnatts = x.indnkeyatts AND m.amname = 'btree', false) AS plain,
       (SELECT k.conname::text FROM pg_catalog.pg_constraint AS k
         WHERE k.conrelid = x.indrelid AND k.conindid = c.oid AND k.contype IN ('p', 'u', 'x') LIMIT 1) AS constraint_name,
       CASE WHEN x.indexrelid IS NOT NULL
            THEN ARRAY(SELECT a.attname::text
                         FROM pg_catalog.unnest(x.indkey::int2[]) WITH ORDINALITY AS k (attnum, place)
                         JOIN pg_catalog.pg_attribute AS a ON a.attrelid = x.indrelid AND a.attnum = k.attnum
                        WHERE k.attnum > 0 ORDER BY k.place)
                 || ARRAY(SELECT DISTINCT a.attname::text FROM pg_catalog.pg_depend AS d
                            JOIN pg_catalog.pg_attribute AS a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
                           WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid
                             AND d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjid = x.indrelid
                             AND d.refobjsubid > 0)
            WHEN o.refobjsubid > 0
            THEN ARRAY(SELECT a.attname::text FROM pg_catalog.pg_attribute AS a
                        WHERE a.attrelid = o.refobjid AND a.attnum = o.refobjsubid)
            ELSE '{}' END AS indexed,
       CASE WHEN c.relkind IN ('v', 'm')
            THEN ARRAY(SELECT DISTINCT ARRAY[rn.nspname::text, rc.relname::text] FROM pg_catalog.pg_depend AS d
                         JOIN pg_catalog.pg_rewrite AS r ON r.oid = d.objid AND r.ev_class = c.oid
                         JOIN pg_catalog.pg_class AS rc ON rc.oid = d.refobjid AND rc.oid <> c.oid
                         JOIN pg_catalog.pg_namespace AS rn ON rn.oid = rc.relnamespace
                        WHERE d.classid = 'pg_catalog.pg_rewrite'::regclass
                          AND d.refclassid = 'pg_catalog.pg_class'::regclass AND rn.nspname <> 'pg_catalog')
            ELSE '{}' END AS reads,
       CASE WHEN c.relkind IN ('v', 'm')
            THEN ARRAY(SELECT DISTINCT ARRAY[rn.nspname::text, rc.relname::text, a.attname::text]
                         FROM pg_catalog.pg_depend AS d
                         JOIN pg_catalog.pg_rewrite AS r ON r.oid = d.objid AND r.ev_class = c.oid
                         JOIN pg_catalog.pg_class AS rc ON rc.oid = d.refobjid AND rc.oid <> c.oid
                         JOIN pg_catalog.pg_namespace AS rn ON rn.oid = rc.relnamespace
                         JOIN pg_catalog.pg_attribute AS a ON a.attrelid = rc.oid AND a.attnum = d.refobjsubid
                        WHERE d.classid = 'pg_catalog.pg_rewrite'::regclass AND d.refobjsubid > 0
                          AND d.refclassid = 'pg_catalog.pg_class'::regclass AND rn.nspname <> 'pg_catalog')
            ELSE '{}' END AS reads_columns
  FROM pg_catalog.pg_class AS c
  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
  LEFT JOIN pg_catalog.pg_index AS x ON x.indexrelid = c.oid
  LEFT JOIN pg_catalog.pg_am AS m ON m.oid = c.relam AND x.indexrelid IS NOT NULL
  LEFT JOIN pg_catalog.pg_class AS t ON t.oid = x.indrelid
  LEFT JOIN pg_catalog.pg_namespace AS tn ON tn.oid = t.relnamespace
  LEFT JOIN pg_catalog.pg_depend AS o ON c.relkind = 'S' AND o.classid = 'pg_catalog.pg_class'::regclass
        AND o.objid = c.oid AND o.refclassid = 'pg_catalog.pg_class'::regclass AND o.deptype IN ('a', 'i')
  LEFT JOIN pg_catalog.pg_class AS s ON s.oid = o.refobjid
  LEFT JOIN pg_catalog.pg_namespace AS sn ON sn.oid = s.relnamespace
 WHERE n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast') AND n.nspname !~ '^pg_(temp|toast_temp)_'
   AND c.relkind IN ('r', 'p', 'f', 'i', 'I', 'v', 'm', 'S')
   AND ($1::oid[] IS NULL OR c.oid = ANY ($1::oid[]))
