-- One row a column that an UPDATE of the columns in $2 changes: those themselves, and the generated columns that are
-- made from them; with whether it decides in which partition a row is, in the table or in a partitioned partition of it.
-- $1: the table as SQL writes it; $2: names of columns. Server versions: 13 and later. Needs no privilege.
WITH changed AS (
    SELECT a.attname::text AS name
      FROM pg_catalog.pg_attribute AS a
     WHERE a.attrelid = $1::text::regclass AND a.attname = ANY ($2::text[]) AND NOT a.attisdropped
     UNION
    SELECT g.attname::text
      FROM pg_catalog.pg_attribute AS g
      JOIN pg_catalog.pg_attrdef AS d ON d.adrelid = g.attrelid AND d.adnum = g.attnum
      JOIN pg_catalog.pg_depend AS p ON p.refclassid = 'pg_catalog.pg_class'::regclass AND p.refobjid = g.attrelid
           AND (p.classid = 'pg_catalog.pg_attrdef'::regclass AND p.objid = d.oid
                OR p.classid = 'pg_catalog.pg_class'::regclass AND p.objid = g.attrelid AND p.objsubid = g.attnum)
      JOIN pg_catalog.pg_attribute AS a ON a.attrelid = g.attrelid AND a.attnum = p.refobjsubid
     WHERE g.attrelid = $1::text::regclass AND g.attgenerated <> '' AND a.attname = ANY ($2::text[])
)
SELECT c.name,
       EXISTS (SELECT
                 FROM pg_catalog.pg_partition_tree($1::text::regclass) AS t
                 JOIN pg_catalog.pg_partitioned_table AS k ON k.partrelid = t.relid
                 JOIN pg_catalog.pg_attribute AS a ON a.attrelid = k.partrelid AND a.attname = c.name
                WHERE a.attnum = ANY (k.partattrs::smallint[])
                   OR EXISTS (SELECT
                                FROM pg_catalog.pg_depend AS d
                               WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = k.partrelid
                                 AND d.objsubid = a.attnum AND d.refclassid = 'pg_catalog.pg_class'::regclass
                                 AND d.refobjid = k.partrelid AND d.refobjsubid = 0 AND d.deptype = 'i'))
  FROM changed AS c
 ORDER BY c.name
