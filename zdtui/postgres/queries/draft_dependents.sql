-- One row for each thing that hangs on a column of a table of people's own: an index, a constraint, a view's rule, a
-- trigger, a policy, statistics, a publication, a generated column, the partition key, a sequence the column owns.
-- Its own default and its own NOT NULL are left out. Reads catalogs only; locks nothing.
-- PostgreSQL 13 and later. Needs no privilege.
SELECT DISTINCT n.nspname::text AS schema, c.relname::text AS name, a.attname::text AS "column",
       pg_catalog.pg_describe_object(d.classid, d.objid, d.objsubid) AS dependent
  FROM pg_catalog.pg_depend AS d
  JOIN pg_catalog.pg_class AS c ON c.oid = d.refobjid
  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
  JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND a.attnum = d.refobjsubid
 WHERE d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND c.relkind IN ('r', 'p', 'f') AND a.attnum > 0
   AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast') AND n.nspname !~ '^pg_(temp|toast_temp)_'
   AND NOT (d.classid = 'pg_catalog.pg_attrdef'::pg_catalog.regclass AND a.attgenerated = ''
            AND EXISTS (SELECT FROM pg_catalog.pg_attrdef AS f
                         WHERE f.oid = d.objid AND f.adrelid = c.oid AND f.adnum = a.attnum))
   AND NOT (d.classid = 'pg_catalog.pg_constraint'::pg_catalog.regclass
            AND EXISTS (SELECT FROM pg_catalog.pg_constraint AS k WHERE k.oid = d.objid AND k.contype = 'n'))
 UNION ALL
SELECT n.nspname::text, c.relname::text, a.attname::text, 'the partition key'::text
  FROM pg_catalog.pg_partitioned_table AS t
  JOIN pg_catalog.pg_class AS c ON c.oid = t.partrelid
  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
  JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND a.attnum = ANY (t.partattrs::smallint[])
 ORDER BY 1, 2, 3, 4
