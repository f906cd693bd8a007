-- One row for each thing that hangs on a column of a table of people's own: an index, a constraint, a view's rule, a
-- trigger, a policy, statistics, a publication, a generated column, the partition key, a sequence the column owns,
-- privileges on the column alone. Its own default and its own NOT NULL are left out. Of an index, a sequence and a
-- constraint `thing_schema` and `thing` name the relation (of a constraint its table), `thing_part` the constraint.
-- Reads catalogs only; locks nothing. PostgreSQL 13 and later. Needs no privilege.
SELECT DISTINCT n.nspname::text AS schema, c.relname::text AS name, a.attname::text AS "column",
       pg_catalog.pg_describe_object(d.classid, d.objid, d.objsubid) AS dependent,
       tn.nspname::text AS thing_schema, t.relname::text AS thing, k.conname::text AS thing_part
  FROM pg_catalog.pg_depend AS d
  JOIN pg_catalog.pg_class AS c ON c.oid = d.refobjid
  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
  JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND a.attnum = d.refobjsubid
  LEFT JOIN pg_catalog.pg_constraint AS k ON d.classid = 'pg_catalog.pg_constraint'::pg_catalog.regclass AND k.oid = d.objid
  LEFT JOIN pg_catalog.pg_class AS t
         ON t.oid = CASE WHEN d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objsubid = 0 THEN d.objid
                         ELSE k.conrelid END
        AND (k.oid IS NOT NULL OR t.relkind IN ('i', 'S'))
  LEFT JOIN pg_catalog.pg_namespace AS tn ON tn.oid = t.relnamespace
 WHERE d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND c.relkind IN ('r', 'p', 'f') AND a.attnum > 0
   AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast') AND n.nspname !~ '^pg_(temp|toast_temp)_'
   AND NOT (d.classid = 'pg_catalog.pg_attrdef'::pg_catalog.regclass AND a.attgenerated = ''
            AND EXISTS (SELECT FROM pg_catalog.pg_attrdef AS f
                         WHERE f.oid = d.objid AND f.adrelid = c.oid AND f.adnum = a.attnum))
   AND (k.oid IS NULL OR k.contype <> 'n')
 UNION ALL
SELECT n.nspname::text, c.relname::text, a.attname::text, 'the partition key'::text, NULL, NULL, NULL
  FROM pg_catalog.pg_partitioned_table AS t
  JOIN pg_catalog.pg_class AS c ON c.oid = t.partrelid
  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
  JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND a.attnum = ANY (t.partattrs::smallint[])
 UNION ALL
SELECT n.nspname::text, c.relname::text, a.attname::text, 'privileges on this column alone'::text, NULL, NULL, NULL
  FROM pg_catalog.pg_attribute AS a
  JOIN pg_catalog.pg_class AS c ON c.oid = a.attrelid
  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
 WHERE a.attacl IS NOT NULL AND a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p', 'f')
   AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast') AND n.nspname !~ '^pg_(temp|toast_temp)_'
 ORDER BY 1, 2, 3, 4
