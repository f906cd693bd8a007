-- One row a relation that depends on an object of one of the names $1, directly or through others, or that has a default,
-- a rule, a trigger, a policy or a constraint that does; and what belongs to an extension or a role of such a name.
-- `oid` ... `lockable` as in neighbourhood.sql. $1: identifiers of the statements (text[]). $2: the schemas in which a name
-- without one is looked up (text[]). PostgreSQL 13 and later. Needs no privilege.
WITH RECURSIVE here AS MATERIALIZED (
    SELECT n.oid FROM pg_catalog.pg_namespace AS n
     WHERE n.nspname = ANY ($2::text[]) OR n.nspname = ANY ($1::text[])
), seed (class, oid) AS MATERIALIZED (
    SELECT 'pg_catalog.pg_class'::regclass::oid, c.oid
      FROM here AS h JOIN pg_catalog.pg_class AS c ON c.relnamespace = h.oid WHERE c.relname = ANY ($1::text[])
     UNION ALL
    SELECT 'pg_catalog.pg_proc'::regclass, f.oid
      FROM here AS h JOIN pg_catalog.pg_proc AS f ON f.pronamespace = h.oid WHERE f.proname = ANY ($1::text[])
     UNION ALL
    SELECT 'pg_catalog.pg_type'::regclass, t.oid
      FROM here AS h JOIN pg_catalog.pg_type AS t ON t.typnamespace = h.oid WHERE t.typname = ANY ($1::text[])
     UNION ALL
    SELECT 'pg_catalog.pg_collation'::regclass, l.oid
      FROM here AS h JOIN pg_catalog.pg_collation AS l ON l.collnamespace = h.oid WHERE l.collname = ANY ($1::text[])
     UNION ALL
    SELECT 'pg_catalog.pg_operator'::regclass, o.oid
      FROM here AS h JOIN pg_catalog.pg_operator AS o ON o.oprnamespace = h.oid WHERE o.oid >= 16384
     UNION ALL
    SELECT 'pg_catalog.pg_opfamily'::regclass, f.oid
      FROM here AS h JOIN pg_catalog.pg_opfamily AS f ON f.opfnamespace = h.oid WHERE f.opfname = ANY ($1::text[])
     UNION ALL
    SELECT 'pg_catalog.pg_opclass'::regclass, o.oid
      FROM here AS h JOIN pg_catalog.pg_opclass AS o ON o.opcnamespace = h.oid WHERE o.opcname = ANY ($1::text[])
     UNION ALL
    SELECT 'pg_catalog.pg_ts_config'::regclass, t.oid
      FROM here AS h JOIN pg_catalog.pg_ts_config AS t ON t.cfgnamespace = h.oid WHERE t.cfgname = ANY ($1::text[])
     UNION ALL
    SELECT 'pg_catalog.pg_ts_dict'::regclass, t.oid
      FROM here AS h JOIN pg_catalog.pg_ts_dict AS t ON t.dictnamespace = h.oid WHERE t.dictname = ANY ($1::text[])
     UNION ALL
    SELECT 'pg_catalog.pg_namespace'::regclass, n.oid FROM pg_catalog.pg_namespace AS n WHERE n.nspname = ANY ($1::text[])
     UNION ALL
    SELECT 'pg_catalog.pg_language'::regclass, l.oid FROM pg_catalog.pg_language AS l WHERE l.lanname = ANY ($1::text[])
     UNION ALL
    SELECT 'pg_catalog.pg_am'::regclass, a.oid FROM pg_catalog.pg_am AS a WHERE a.amname = ANY ($1::text[])
     UNION ALL
    SELECT 'pg_catalog.pg_extension'::regclass, e.oid FROM pg_catalog.pg_extension AS e WHERE e.extname = ANY ($1::text[])
     UNION ALL
    SELECT 'pg_catalog.pg_foreign_server'::regclass, s.oid
      FROM pg_catalog.pg_foreign_server AS s WHERE s.srvname = ANY ($1::text[])
     UNION ALL
    SELECT 'pg_catalog.pg_foreign_data_wrapper'::regclass, w.oid
      FROM pg_catalog.pg_foreign_data_wrapper AS w WHERE w.fdwname = ANY ($1::text[])
     UNION ALL
    SELECT s.classid, s.objid
      FROM pg_catalog.pg_roles AS r
      JOIN pg_catalog.pg_shdepend AS s ON s.refclassid = 'pg_catalog.pg_authid'::regclass AND s.refobjid = r.oid
     WHERE (r.rolname = ANY ($1::text[]) OR r.rolname = current_user AND $1::text[] && '{current_user,current_role,user}')
       AND s.dbid = (SELECT d.oid FROM pg_catalog.pg_database AS d WHERE d.datname = pg_catalog.current_database())
), hit (class, oid) AS (
    SELECT s.class, s.oid
      FROM ROWS FROM (pg_catalog.unnest(ARRAY(SELECT s.class FROM seed AS s)),
                      pg_catalog.unnest(ARRAY(SELECT s.oid FROM seed AS s))) AS s (class, oid)
     UNION
    SELECT e.class, e.oid
      FROM hit AS c
     CROSS JOIN LATERAL (
           SELECT d.classid, d.objid
             FROM pg_catalog.pg_depend AS d
            WHERE d.refclassid = c.class AND d.refobjid = c.oid AND d.deptype NOT IN ('P', 'S')
            UNION ALL
           SELECT 'pg_catalog.pg_class'::regclass, r.ev_class
             FROM pg_catalog.pg_rewrite AS r
            WHERE c.class = 'pg_catalog.pg_rewrite'::regclass AND r.oid = c.oid AND r.rulename = '_RETURN'
           ) AS e (class, oid)
), whole AS MATERIALIZED (
    SELECT c.class, c.oid
      FROM ROWS FROM (pg_catalog.unnest(ARRAY(SELECT c.class FROM hit AS c)),
                      pg_catalog.unnest(ARRAY(SELECT c.oid FROM hit AS c))) AS c (class, oid)
), found (oid) AS MATERIALIZED (
    SELECT w.oid FROM whole AS w WHERE w.class = 'pg_catalog.pg_class'::regclass
     UNION
    SELECT x.indrelid FROM whole AS w JOIN pg_catalog.pg_index AS x ON x.indexrelid = w.oid
     WHERE w.class = 'pg_catalog.pg_class'::regclass
     UNION
    SELECT a.adrelid FROM whole AS w JOIN pg_catalog.pg_attrdef AS a ON a.oid = w.oid
     WHERE w.class = 'pg_catalog.pg_attrdef'::regclass
     UNION
    SELECT g.tgrelid FROM whole AS w JOIN pg_catalog.pg_trigger AS g ON g.oid = w.oid
     WHERE w.class = 'pg_catalog.pg_trigger'::regclass
     UNION
    SELECT p.polrelid FROM whole AS w JOIN pg_catalog.pg_policy AS p ON p.oid = w.oid
     WHERE w.class = 'pg_catalog.pg_policy'::regclass
     UNION
    SELECT r.ev_class FROM whole AS w JOIN pg_catalog.pg_rewrite AS r ON r.oid = w.oid
     WHERE w.class = 'pg_catalog.pg_rewrite'::regclass
     UNION
    SELECT k.conrelid FROM whole AS w JOIN pg_catalog.pg_constraint AS k ON k.oid = w.oid
     WHERE w.class = 'pg_catalog.pg_constraint'::regclass
)
SELECT c.oid::bigint AS oid, n.nspname::text AS schema, c.relname::text AS name, false AS lockable
  FROM found AS f
  JOIN pg_catalog.pg_class AS c ON c.oid = f.oid
  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
 WHERE c.relkind IN ('r', 'p', 'f', 'v', 'm', 'i', 'I', 'S') AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
 ORDER BY c.oid
