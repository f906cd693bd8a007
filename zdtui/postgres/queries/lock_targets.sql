-- One row a relation that is there and is reached from a name in $1 in the way that $2 says, at the same place:
-- 'itself'; 'family': with all that inherits from it (partitions too); 'parent': what it inherits from;
-- 'partitioned': the table it is a partition of; 'default partition': of itself; 'default beside': of that table;
-- 'referenced', 'referencing': by foreign keys, of the constraint or column named in $3 if one is;
-- 'cascade': itself, what references it, what references that ...;
-- 'table': the one an index is on, and those its partitions are on; 'indexes': those on a table.
-- `place`: 1-based place in $1. `depth`: 0, or for a child 1, 2 ... `lockable`: LOCK TABLE takes it and this role may
-- (a view is left out: LOCK TABLE would lock every table under it).
-- $1: names as written in SQL, with their schemas (text[]). PostgreSQL 13 and later. No privilege.
WITH RECURSIVE named AS MATERIALIZED (
    SELECT n.place, pg_catalog.to_regclass(n.written)::oid AS oid, n.reach, n.detail
      FROM ROWS FROM (pg_catalog.unnest($1::text[]), pg_catalog.unnest($2::text[]), pg_catalog.unnest($3::text[]))
           WITH ORDINALITY AS n(written, reach, detail, place)
), family AS (
    SELECT n.place, n.oid, 0 AS depth
      FROM named AS n
     WHERE n.reach IN ('family', 'table')
     UNION
    SELECT f.place, i.inhrelid, f.depth + 1
      FROM family AS f
      JOIN pg_catalog.pg_inherits AS i ON i.inhparent = f.oid
), cascade AS (
    SELECT n.place, n.oid FROM named AS n WHERE n.reach = 'cascade'
     UNION
    SELECT c.place, k.conrelid
      FROM cascade AS c
      JOIN pg_catalog.pg_constraint AS k ON k.contype = 'f' AND k.confrelid = c.oid
), reached AS (
    SELECT f.place, f.oid, f.depth FROM family AS f JOIN named AS n USING (place) WHERE n.reach = 'family'
     UNION
    SELECT c.place, c.oid, 0 FROM cascade AS c
     UNION
    SELECT n.place, n.oid, 0 FROM named AS n WHERE n.reach = 'itself'
     UNION
    SELECT n.place, i.inhparent, 0
      FROM named AS n JOIN pg_catalog.pg_inherits AS i ON i.inhrelid = n.oid
      JOIN pg_catalog.pg_class AS p ON p.oid = i.inhparent
     WHERE n.reach = 'parent' OR n.reach = 'partitioned' AND p.relkind = 'p'
     UNION
    SELECT n.place, CASE n.reach WHEN 'referenced' THEN k.confrelid ELSE k.conrelid END, 0
      FROM named AS n
      JOIN pg_catalog.pg_constraint AS k
        ON k.contype = 'f' AND n.oid = CASE n.reach WHEN 'referenced' THEN k.conrelid ELSE k.confrelid END
     WHERE (n.reach = 'referenced' AND k.conparentid = 0 OR n.reach = 'referencing')
       AND (n.detail IS NULL
            OR k.conname = n.detail
            OR EXISTS (SELECT FROM pg_catalog.pg_attribute AS a
                        WHERE a.attrelid = n.oid AND a.attname = n.detail
                          AND a.attnum = ANY (CASE n.reach WHEN 'referenced' THEN k.conkey ELSE k.confkey END)))
     UNION
    SELECT n.place, p.partdefid, 1
      FROM named AS n JOIN pg_catalog.pg_partitioned_table AS p ON p.partrelid = n.oid
     WHERE n.reach = 'default partition' AND p.partdefid <> 0
     UNION
    SELECT n.place, p.partdefid, 1
      FROM named AS n
      JOIN pg_catalog.pg_inherits AS i ON i.inhrelid = n.oid
      JOIN pg_catalog.pg_partitioned_table AS p ON p.partrelid = i.inhparent
     WHERE n.reach = 'default beside' AND p.partdefid <> 0
     UNION
    SELECT f.place, x.indrelid, f.depth
      FROM family AS f JOIN named AS n USING (place) JOIN pg_catalog.pg_index AS x ON x.indexrelid = f.oid
     WHERE n.reach = 'table'
     UNION
    SELECT n.place, x.indexrelid, 1
      FROM named AS n JOIN pg_catalog.pg_index AS x ON x.indrelid = n.oid
     WHERE n.reach = 'indexes'
)
SELECT r.place::integer AS place, r.oid::bigint AS oid, s.nspname AS schema, c.relname AS name, r.depth,
       c.relkind IN ('r', 'p')
       AND (pg_catalog.has_table_privilege(c.oid, 'UPDATE')
            OR pg_catalog.has_table_privilege(c.oid, 'DELETE')
            OR pg_catalog.has_table_privilege(c.oid, 'TRUNCATE')) AS lockable
  FROM reached AS r
  JOIN pg_catalog.pg_class AS c ON c.oid = r.oid
  JOIN pg_catalog.pg_namespace AS s ON s.oid = c.relnamespace
