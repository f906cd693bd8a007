-- What statements on relations can lock where nothing is said to CASCADE: one row a relation that they name, or that
-- hangs on one they name (children and parents, indexes, sequences, tables at the other end of a foreign key and their
-- children, default partitions), and one row a foreign key of theirs (`what` = 'key').
-- `kind`: pg_class.relkind. `lockable`: LOCK TABLE takes it and this role may (a view is left out: LOCK TABLE would lock
-- every table under it). `belongs_to`: the table of an index or sequence; of a key the table that has it. `parents`:
-- of a key the table it references. `default_of`: what it is the default partition of. Relations are told by oid.
-- $1: every identifier in the statements (text[]). $2: the schemas in which a name without one is looked up (text[]).
-- PostgreSQL 13 and later. Needs no privilege. Sets go from part to part as arrays, which the planner takes to be short.
WITH RECURSIVE family (oid) AS (
    SELECT pg_catalog.unnest(ARRAY(
           SELECT c.oid
             FROM pg_catalog.pg_class AS c
            WHERE c.relname = ANY ($1::text[])
              AND c.relnamespace = ANY (ARRAY(SELECT n.oid FROM pg_catalog.pg_namespace AS n
                                               WHERE n.nspname = ANY ($2::text[]) OR n.nspname = ANY ($1::text[])))))
     UNION
    SELECT i.oid
      FROM family AS f
     CROSS JOIN LATERAL pg_catalog.unnest(ARRAY(SELECT i.inhrelid FROM pg_catalog.pg_inherits AS i
                                                 WHERE i.inhparent = f.oid)) AS i (oid)
), named (oid) AS MATERIALIZED (
    SELECT pg_catalog.unnest(ARRAY(SELECT f.oid FROM family AS f))
), key AS MATERIALIZED (
    SELECT DISTINCT k.oid, k.conname, k.conrelid, k.confrelid, k.conkey, k.confkey, k.convalidated, k.conparentid
      FROM named AS f
     CROSS JOIN LATERAL (SELECT d.objid FROM pg_catalog.pg_depend AS d
                          WHERE d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjid = f.oid
                            AND d.classid = 'pg_catalog.pg_constraint'::regclass OFFSET 0) AS d
      JOIN pg_catalog.pg_constraint AS k ON k.oid = d.objid AND k.contype = 'f'
), hanging (oid, belongs_to) AS (
    SELECT x.indexrelid, x.indrelid FROM named AS f JOIN pg_catalog.pg_index AS x ON x.indrelid = f.oid
     UNION ALL
    SELECT x.indexrelid, x.indrelid FROM named AS f JOIN pg_catalog.pg_index AS x ON x.indexrelid = f.oid
     UNION ALL
    SELECT d.objid, f.oid
      FROM named AS f
     CROSS JOIN LATERAL (SELECT d.objid FROM pg_catalog.pg_depend AS d
                          WHERE d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjid = f.oid
                            AND d.classid = 'pg_catalog.pg_class'::regclass AND d.deptype IN ('a', 'i') OFFSET 0) AS d
     CROSS JOIN LATERAL (SELECT FROM pg_catalog.pg_class AS s WHERE s.oid = d.objid AND s.relkind = 'S' OFFSET 0) AS s
), below (oid) AS (
    SELECT pg_catalog.unnest(ARRAY(
           SELECT k.conrelid FROM key AS k UNION ALL SELECT k.confrelid FROM key AS k
            UNION ALL SELECT h.oid FROM hanging AS h UNION ALL SELECT h.belongs_to FROM hanging AS h))
     UNION
    SELECT i.oid
      FROM below AS b
     CROSS JOIN LATERAL pg_catalog.unnest(ARRAY(SELECT i.inhrelid FROM pg_catalog.pg_inherits AS i
                                                 WHERE i.inhparent = b.oid)) AS i (oid)
), above (oid) AS (
    SELECT n.oid FROM named AS n
     UNION
    SELECT i.inhparent FROM above AS a JOIN pg_catalog.pg_inherits AS i ON i.inhrelid = a.oid
), partitioned AS MATERIALIZED (
    SELECT p.partrelid, p.partdefid
      FROM pg_catalog.unnest(ARRAY(SELECT a.oid FROM above AS a)) AS a (oid)
      JOIN pg_catalog.pg_partitioned_table AS p ON p.partrelid = a.oid
     WHERE p.partdefid <> 0
), found (oid) AS MATERIALIZED (
    SELECT DISTINCT e.oid
      FROM pg_catalog.unnest(ARRAY(SELECT a.oid FROM above AS a UNION ALL SELECT b.oid FROM below AS b
                                    UNION ALL SELECT p.partdefid FROM partitioned AS p)) AS e (oid)
)
SELECT 'relation' AS what, c.oid::bigint AS oid, n.nspname::text AS schema, c.relname::text AS name,
       c.relkind::text AS kind,
       c.relkind IN ('r', 'p')
       AND (pg_catalog.has_table_privilege(c.oid, 'UPDATE')
            OR pg_catalog.has_table_privilege(c.oid, 'DELETE')
            OR pg_catalog.has_table_privilege(c.oid, 'TRUNCATE')) AS lockable,
       c.relispartition AS is_partition,
       (SELECT p.partrelid::bigint FROM partitioned AS p WHERE p.partdefid = c.oid) AS default_of,
       CASE WHEN c.relkind IN ('i', 'I')
            THEN (SELECT x.indrelid::bigint FROM pg_catalog.pg_index AS x WHERE x.indexrelid = c.oid)
            WHEN c.relkind = 'S'
            THEN (SELECT d.refobjid::bigint FROM pg_catalog.pg_depend AS d
                   WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid
                     AND d.refclassid = 'pg_catalog.pg_class'::regclass AND d.deptype IN ('a', 'i')) END AS belongs_to,
       ARRAY(SELECT i.inhparent::bigint FROM pg_catalog.pg_inherits AS i
              WHERE i.inhrelid = c.oid ORDER BY i.inhseqno) AS parents,
       NULL::text[] AS columns, NULL::text[] AS referenced_columns, NULL::boolean AS validated, NULL::boolean AS inherited
  FROM found AS f
  JOIN pg_catalog.pg_class AS c ON c.oid = f.oid
  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
 WHERE c.relkind IN ('r', 'p', 'f', 'i', 'I', 'v', 'm', 'S') AND n.nspname NOT IN ('pg_catalog', 'pg_toast')
UNION ALL
SELECT 'key', k.oid::bigint, NULL, k.conname::text, NULL, NULL, NULL, NULL, k.conrelid::bigint, ARRAY[k.confrelid::bigint],
       ARRAY(SELECT a.attname::text FROM pg_catalog.pg_attribute AS a
              WHERE a.attrelid = k.conrelid AND a.attnum = ANY (k.conkey)
              ORDER BY pg_catalog.array_position(k.conkey, a.attnum)),
       ARRAY(SELECT a.attname::text FROM pg_catalog.pg_attribute AS a
              WHERE a.attrelid = k.confrelid AND a.attnum = ANY (k.confkey)
              ORDER BY pg_catalog.array_position(k.confkey, a.attnum)),
       k.convalidated,
       EXISTS (SELECT FROM pg_catalog.pg_constraint AS p WHERE p.oid = k.conparentid AND p.conrelid <> k.conrelid)
  FROM key AS k
