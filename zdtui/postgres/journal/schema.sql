-- One row for the schema zdtui and one for each of the journal's tables that is there: whose it is, what of it could run
-- somebody's code, and what this role may do with it. Reads catalogs only. Needs no privilege. 13 and later.
-- `ours`: its owner is this role or one whose rights it has, the database's owner, or a superuser.
SELECT ''::text AS name, 'schema'::text AS kind, o.rolname::text AS owner,
       o.rolname = CURRENT_USER OR o.rolsuper OR o.oid = d.datdba OR o.rolname = 'pg_database_owner'::name
           OR NOT me.rolsuper AND pg_catalog.pg_has_role(me.oid, o.oid, 'USAGE') AS ours,
       '[]'::jsonb AS columns,
       ARRAY[]::text[] AS runs_code,
       ARRAY(SELECT p FROM pg_catalog.unnest(ARRAY['USAGE'::text]) AS p
              WHERE pg_catalog.has_schema_privilege(n.oid, p)) AS may,
       pg_catalog.obj_description(n.oid, 'pg_namespace'::name) AS comment
  FROM pg_catalog.pg_namespace AS n
  JOIN pg_catalog.pg_roles AS o ON o.oid = n.nspowner
  JOIN pg_catalog.pg_database AS d ON d.datname = pg_catalog.current_database()
  JOIN pg_catalog.pg_roles AS me ON me.rolname = CURRENT_USER
 WHERE n.nspname = 'zdtui'::name
UNION ALL
SELECT c.relname::text, c.relkind::text || c.relpersistence::text, o.rolname::text,
       o.rolname = CURRENT_USER OR o.rolsuper OR o.oid = d.datdba OR o.rolname = 'pg_database_owner'::name
           OR NOT me.rolsuper AND pg_catalog.pg_has_role(me.oid, o.oid, 'USAGE'),
       (SELECT pg_catalog.jsonb_agg(pg_catalog.jsonb_build_array(
                   a.attname, CASE WHEN tn.nspname = 'pg_catalog'::name THEN t.typname::text ELSE 'not a type of PostgreSQL' END,
                   pg_catalog.pg_get_expr(f.adbin, f.adrelid), a.attnotnull,
                   a.attgenerated::text || a.attidentity::text) ORDER BY a.attnum)
          FROM pg_catalog.pg_attribute AS a
          JOIN pg_catalog.pg_type AS t ON t.oid = a.atttypid
          JOIN pg_catalog.pg_namespace AS tn ON tn.oid = t.typnamespace
          LEFT JOIN pg_catalog.pg_attrdef AS f ON f.adrelid = a.attrelid AND f.adnum = a.attnum
         WHERE a.attrelid = c.oid AND a.attnum > 0::smallint AND NOT a.attisdropped),
       ARRAY(SELECT 'trigger '::text || g.tgname::text FROM pg_catalog.pg_trigger AS g
              WHERE g.tgrelid = c.oid AND NOT g.tgisinternal
              UNION ALL
             SELECT 'rule '::text || w.rulename::text FROM pg_catalog.pg_rewrite AS w WHERE w.ev_class = c.oid
              UNION ALL
             SELECT 'policy '::text || y.polname::text FROM pg_catalog.pg_policy AS y WHERE y.polrelid = c.oid
              UNION ALL
             SELECT 'row security'::text WHERE c.relrowsecurity OR c.relforcerowsecurity
              UNION ALL
             SELECT 'constraint '::text || k.conname::text FROM pg_catalog.pg_constraint AS k
              WHERE k.conrelid = c.oid AND k.contype IN ('c'::"char", 'x'::"char", 'f'::"char")
              UNION ALL
             SELECT 'inheritance'::text
              WHERE EXISTS (SELECT FROM pg_catalog.pg_inherits AS h WHERE h.inhrelid = c.oid OR h.inhparent = c.oid)
              UNION ALL
             SELECT 'index '::text || x.relname::text
               FROM pg_catalog.pg_index AS i JOIN pg_catalog.pg_class AS x ON x.oid = i.indexrelid
              WHERE i.indrelid = c.oid
                AND (i.indexprs IS NOT NULL OR i.indpred IS NOT NULL
                     OR EXISTS (SELECT FROM pg_catalog.pg_opclass AS q, pg_catalog.pg_namespace AS qn
                                 WHERE q.oid = ANY (i.indclass::oid[]) AND qn.oid = q.opcnamespace
                                   AND qn.nspname <> 'pg_catalog'::name))),
       ARRAY(SELECT p FROM pg_catalog.unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']::text[]) AS p
              WHERE pg_catalog.has_table_privilege(c.oid, p)),
       NULL
  FROM pg_catalog.pg_class AS c
  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
  JOIN pg_catalog.pg_roles AS o ON o.oid = c.relowner
  JOIN pg_catalog.pg_database AS d ON d.datname = pg_catalog.current_database()
  JOIN pg_catalog.pg_roles AS me ON me.rolname = CURRENT_USER
 WHERE n.nspname = 'zdtui'::name
   AND c.relname = ANY (ARRAY['event', 'checkpoint', 'rejected', 'head', 'layout']::name[])
 ORDER BY 1
