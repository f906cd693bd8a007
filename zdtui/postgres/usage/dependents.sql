-- One row a thing that depends on a column of a table, or on the table, by the server's own records: an index, a constraint, a
-- view, a trigger, a policy, a function in standard SQL, statistics, a publication's list of columns, a generated column, the
-- partition key, a column of the table's type. `in_the_way`: it keeps the subject from being dropped without CASCADE, or is a
-- column that would go with it. Left out: defaults, NOT NULL, and what the server keeps for itself.
-- Those of its partitions and inheriting tables too.
-- $1: the table (oid). $2: the column, or null for the table (text). PostgreSQL 13 and later. Needs no privilege.
WITH RECURSIVE family (oid) AS (
    SELECT $1::oid
     UNION
    SELECT i.inhrelid FROM family AS f JOIN pg_catalog.pg_inherits AS i ON i.inhparent = f.oid
), subject AS (
    SELECT c.oid, c.reltype, (SELECT a.attnum FROM pg_catalog.pg_attribute AS a
                               WHERE a.attrelid = c.oid AND a.attname = $2::text AND NOT a.attisdropped) AS number
      FROM family AS f
      JOIN pg_catalog.pg_class AS c ON c.oid = f.oid
), found AS (
    SELECT CASE WHEN r.ev_class IS NOT NULL OR g.attnum IS NOT NULL THEN 'pg_catalog.pg_class'::regclass::oid
                ELSE d.classid END AS class,
           coalesce(r.ev_class, g.attrelid, d.objid) AS object,
           coalesce(g.attnum::int, CASE WHEN r.ev_class IS NULL THEN d.objsubid ELSE 0 END) AS part,
           d.deptype = 'n' AS by_itself, g.attnum IS NOT NULL AS is_generated
      FROM subject AS s
      JOIN pg_catalog.pg_depend AS d
        ON (d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjid = s.oid
            AND ($2::text IS NULL OR d.refobjsubid = s.number))
        OR ($2::text IS NULL AND d.refclassid = 'pg_catalog.pg_type'::regclass AND d.refobjid = s.reltype)
      LEFT JOIN pg_catalog.pg_rewrite AS r
        ON d.classid = 'pg_catalog.pg_rewrite'::regclass AND r.oid = d.objid AND r.rulename = '_RETURN'
      LEFT JOIN pg_catalog.pg_attrdef AS f
        ON d.classid = 'pg_catalog.pg_attrdef'::regclass AND f.oid = d.objid
      LEFT JOIN pg_catalog.pg_attribute AS g
        ON g.attrelid = f.adrelid AND g.attnum = f.adnum AND g.attgenerated <> ''
       AND NOT (g.attrelid = s.oid AND g.attnum = s.number)
     WHERE d.deptype IN ('n', 'a') AND (f.oid IS NULL OR g.attnum IS NOT NULL)
       AND ($2::text IS NOT NULL OR g.attrelid IS NULL OR g.attrelid <> s.oid)
       AND NOT (d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = s.oid)
       AND NOT (d.classid = 'pg_catalog.pg_type'::regclass)
       AND NOT (d.classid = 'pg_catalog.pg_constraint'::regclass
                AND EXISTS (SELECT FROM pg_catalog.pg_constraint AS k WHERE k.oid = d.objid AND k.contype = 'n'))
)
SELECT pg_catalog.pg_describe_object(f.class, f.object, f.part) AS what,
       coalesce((SELECT a.object_names[pg_catalog.cardinality(a.object_names)]
                   FROM pg_catalog.pg_identify_object_as_address(f.class, f.object, f.part) AS a), '') AS name,
       pg_catalog.bool_and(f.by_itself) OR pg_catalog.bool_or(f.is_generated) AS in_the_way
  FROM found AS f
 GROUP BY f.class, f.object, f.part
 UNION ALL
SELECT 'the partition key', '', true
  FROM subject AS s
  JOIN pg_catalog.pg_partitioned_table AS p ON p.partrelid = s.oid
 WHERE s.number = ANY (p.partattrs::smallint[])
 ORDER BY 1
