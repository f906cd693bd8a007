-- One row a relation that statements may lock: those they name, and what hangs on these.
-- `lockable`: LOCK TABLE takes it and this role may (a view is left out: LOCK TABLE would lock every table under it).
-- $1: every identifier in the statements (text[]). $2: those of statements about objects that are no relations, as a
-- type or a schema (text[]). $3: something is dropped with CASCADE. $4: something is truncated with CASCADE.
-- $5: the schemas in which a name without one is looked up (text[]). PostgreSQL 13 and later. Needs no privilege.
-- Sets go from part to part as arrays, which the planner takes to be short.
WITH RECURSIVE here AS MATERIALIZED (
    SELECT n.oid, n.nspname = ANY ($2::text[]) AS whole
      FROM pg_catalog.pg_namespace AS n
     WHERE n.nspname = ANY ($5::text[]) OR n.nspname = ANY ($1::text[])
), seed (class, oid) AS MATERIALIZED (
    SELECT 'pg_catalog.pg_class'::regclass::oid, c.oid
      FROM here AS h JOIN pg_catalog.pg_class AS c ON c.relnamespace = h.oid
     WHERE c.relname = ANY ($1::text[])
     UNION ALL
    SELECT 'pg_catalog.pg_class'::regclass, c.oid
      FROM here AS h JOIN pg_catalog.pg_class AS c ON c.relnamespace = h.oid
     WHERE h.whole
     UNION ALL
    SELECT 'pg_catalog.pg_type'::regclass, t.oid
      FROM here AS h JOIN pg_catalog.pg_type AS t ON t.typnamespace = h.oid
     WHERE h.whole
     UNION ALL
    SELECT 'pg_catalog.pg_type'::regclass, t.oid
      FROM here AS h JOIN pg_catalog.pg_type AS t ON t.typnamespace = h.oid
     WHERE t.typname = ANY ($2::text[])
     UNION ALL
    SELECT 'pg_catalog.pg_collation'::regclass, l.oid
      FROM here AS h JOIN pg_catalog.pg_collation AS l ON l.collnamespace = h.oid
     WHERE l.collname = ANY ($2::text[])
     UNION ALL
    SELECT 'pg_catalog.pg_class'::regclass, e.stxrelid
      FROM here AS h JOIN pg_catalog.pg_statistic_ext AS e ON e.stxnamespace = h.oid
     WHERE e.stxname = ANY ($2::text[])
     UNION ALL
    SELECT 'pg_catalog.pg_class'::regclass, r.prrelid
      FROM pg_catalog.pg_publication AS p JOIN pg_catalog.pg_publication_rel AS r ON r.prpubid = p.oid
     WHERE p.pubname = ANY ($2::text[])
     UNION ALL
    SELECT 'pg_catalog.pg_class'::regclass, f.ftrelid
      FROM pg_catalog.pg_foreign_table AS f
     WHERE $3::boolean AND (EXISTS (SELECT FROM pg_catalog.pg_foreign_server AS s WHERE s.srvname = ANY ($2::text[]))
            OR EXISTS (SELECT FROM pg_catalog.pg_foreign_data_wrapper AS w WHERE w.fdwname = ANY ($2::text[])))
), core (class, oid) AS (
    SELECT s.class, s.oid
      FROM ROWS FROM (pg_catalog.unnest(ARRAY(SELECT s.class FROM seed AS s)),
                      pg_catalog.unnest(ARRAY(SELECT s.oid FROM seed AS s))) AS s (class, oid)
     UNION
    SELECT e.class, e.oid
      FROM core AS c
     CROSS JOIN LATERAL (
           SELECT c.class, pg_catalog.unnest(ARRAY(
                  SELECT i.inhrelid FROM pg_catalog.pg_inherits AS i
                   WHERE c.class = 'pg_catalog.pg_class'::regclass AND i.inhparent = c.oid))
            UNION ALL
           SELECT d.classid, d.objid
             FROM pg_catalog.pg_depend AS d
            WHERE ($3::boolean OR c.class <> 'pg_catalog.pg_class'::regclass)
              AND d.refclassid = c.class AND d.refobjid = c.oid
              AND d.classid IN ('pg_catalog.pg_class'::regclass, 'pg_catalog.pg_type'::regclass,
                                'pg_catalog.pg_constraint'::regclass, 'pg_catalog.pg_rewrite'::regclass)
            UNION ALL
           SELECT 'pg_catalog.pg_class'::regclass, r.ev_class
             FROM pg_catalog.pg_rewrite AS r
            WHERE c.class = 'pg_catalog.pg_rewrite'::regclass AND r.oid = c.oid
            UNION ALL
           SELECT c.class, k.conrelid
             FROM pg_catalog.pg_constraint AS k
            WHERE $4::boolean AND c.class = 'pg_catalog.pg_class'::regclass
              AND k.contype = 'f' AND k.confrelid = c.oid
           ) AS e (class, oid)
), touched (oid) AS MATERIALIZED (
    SELECT c.oid
      FROM pg_catalog.unnest(ARRAY(SELECT c.oid FROM core AS c
                                    WHERE c.class = 'pg_catalog.pg_class'::regclass)) AS c (oid)
     UNION
    SELECT k.conrelid
      FROM pg_catalog.unnest(ARRAY(SELECT c.oid FROM core AS c
                                    WHERE c.class = 'pg_catalog.pg_constraint'::regclass)) AS c (oid)
      JOIN pg_catalog.pg_constraint AS k ON k.oid = c.oid AND k.conrelid <> 0
), read (oid) AS (
    SELECT pg_catalog.unnest(ARRAY(SELECT s.oid FROM seed AS s WHERE s.class = 'pg_catalog.pg_class'::regclass))
     UNION
    SELECT d.refobjid
      FROM read AS v
     CROSS JOIN LATERAL (SELECT r.oid FROM pg_catalog.pg_rewrite AS r WHERE r.ev_class = v.oid OFFSET 0) AS r
     CROSS JOIN LATERAL (SELECT d.refobjid, d.refclassid
                           FROM pg_catalog.pg_depend AS d
                          WHERE d.classid = 'pg_catalog.pg_rewrite'::regclass AND d.objid = r.oid OFFSET 0) AS d
     WHERE d.refclassid = 'pg_catalog.pg_class'::regclass
), beside (oid) AS (
    SELECT r.oid FROM read AS r
     UNION
    SELECT b.oid
      FROM touched AS t
     CROSS JOIN LATERAL (
           SELECT x.indexrelid FROM pg_catalog.pg_index AS x WHERE x.indrelid = t.oid
            UNION ALL
           SELECT x.indrelid FROM pg_catalog.pg_index AS x WHERE x.indexrelid = t.oid
            UNION ALL
           SELECT d.objid
             FROM pg_catalog.pg_depend AS d
            CROSS JOIN LATERAL (SELECT FROM pg_catalog.pg_class AS s
                                 WHERE s.oid = d.objid AND s.relkind = 'S' OFFSET 0) AS s
            WHERE d.classid = 'pg_catalog.pg_class'::regclass
              AND d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjid = t.oid
            UNION ALL
           SELECT d.refobjid
             FROM pg_catalog.pg_depend AS d
            WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = t.oid AND d.deptype IN ('a', 'i')
              AND d.refclassid = 'pg_catalog.pg_class'::regclass
            UNION ALL
           SELECT e.oid
             FROM pg_catalog.pg_depend AS d
             JOIN pg_catalog.pg_constraint AS k ON k.oid = d.objid AND k.contype = 'f'
            CROSS JOIN LATERAL (VALUES (k.conrelid), (k.confrelid)) AS e (oid)
            WHERE d.classid = 'pg_catalog.pg_constraint'::regclass
              AND d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjid = t.oid
           ) AS b (oid)
), below (oid) AS (
    SELECT pg_catalog.unnest(ARRAY(SELECT b.oid FROM beside AS b))
     UNION
    SELECT i.oid
      FROM below AS b
     CROSS JOIN LATERAL pg_catalog.unnest(ARRAY(SELECT i.inhrelid FROM pg_catalog.pg_inherits AS i
                                                 WHERE i.inhparent = b.oid)) AS i (oid)
), above (oid) AS (
    SELECT t.oid FROM touched AS t
     UNION
    SELECT i.inhparent FROM above AS a JOIN pg_catalog.pg_inherits AS i ON i.inhrelid = a.oid
), found (oid) AS MATERIALIZED (
    SELECT a.oid FROM pg_catalog.unnest(ARRAY(SELECT a.oid FROM above AS a)) AS a (oid)
     UNION
    SELECT b.oid FROM pg_catalog.unnest(ARRAY(SELECT b.oid FROM below AS b)) AS b (oid)
     UNION
    SELECT p.partdefid
      FROM pg_catalog.unnest(ARRAY(SELECT a.oid FROM above AS a)) AS a (oid)
      JOIN pg_catalog.pg_partitioned_table AS p ON p.partrelid = a.oid
)
SELECT c.oid::bigint AS oid, n.nspname::text AS schema, c.relname::text AS name,
       c.relkind IN ('r', 'p')
       AND (pg_catalog.has_table_privilege(c.oid, 'UPDATE')
            OR pg_catalog.has_table_privilege(c.oid, 'DELETE')
            OR pg_catalog.has_table_privilege(c.oid, 'TRUNCATE')) AS lockable
  FROM found AS f
  JOIN pg_catalog.pg_class AS c ON c.oid = f.oid
  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
 WHERE c.relkind IN ('r', 'p', 'f', 'i', 'I', 'v', 'm', 'S') AND n.nspname NOT IN ('pg_catalog', 'pg_toast')
 ORDER BY c.oid
