-- One row an object that people have made in a schema of the system's: pg_dump leaves these schemas out.
-- Server versions: 13 and later. Needs no privilege.
WITH made(class, oid, own) AS (
    SELECT 'pg_catalog.pg_class'::regclass, c.oid, c.relowner FROM pg_catalog.pg_class AS c
      JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
     WHERE c.oid >= 16384 AND n.nspname IN ('pg_catalog', 'information_schema') AND c.relkind <> 'c'
     UNION ALL
    SELECT 'pg_catalog.pg_proc'::regclass, p.oid, p.proowner FROM pg_catalog.pg_proc AS p
      JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace
     WHERE p.oid >= 16384 AND n.nspname IN ('pg_catalog', 'information_schema')
     UNION ALL
    SELECT 'pg_catalog.pg_type'::regclass, t.oid, t.typowner FROM pg_catalog.pg_type AS t
      JOIN pg_catalog.pg_namespace AS n ON n.oid = t.typnamespace
     WHERE t.oid >= 16384 AND n.nspname IN ('pg_catalog', 'information_schema') AND t.typelem = 0
     UNION ALL
    SELECT 'pg_catalog.pg_operator'::regclass, o.oid, o.oprowner FROM pg_catalog.pg_operator AS o
      JOIN pg_catalog.pg_namespace AS n ON n.oid = o.oprnamespace
     WHERE o.oid >= 16384 AND n.nspname IN ('pg_catalog', 'information_schema')
     UNION ALL
    SELECT 'pg_catalog.pg_collation'::regclass, l.oid, l.collowner FROM pg_catalog.pg_collation AS l
      JOIN pg_catalog.pg_namespace AS n ON n.oid = l.collnamespace
     WHERE l.oid >= 16384 AND n.nspname IN ('pg_catalog', 'information_schema')
     UNION ALL
    SELECT 'pg_catalog.pg_ts_config'::regclass, f.oid, f.cfgowner FROM pg_catalog.pg_ts_config AS f
      JOIN pg_catalog.pg_namespace AS n ON n.oid = f.cfgnamespace
     WHERE f.oid >= 16384 AND n.nspname IN ('pg_catalog', 'information_schema')
     UNION ALL
    SELECT 'pg_catalog.pg_ts_dict'::regclass, y.oid, y.dictowner FROM pg_catalog.pg_ts_dict AS y
      JOIN pg_catalog.pg_namespace AS n ON n.oid = y.dictnamespace
     WHERE y.oid >= 16384 AND n.nspname IN ('pg_catalog', 'information_schema')
)
SELECT 'IN A SYSTEM SCHEMA', i.type || ' ' || i.identity,
       pg_catalog.concat_ws(' | ', pg_catalog.pg_get_userbyid(m.own),
           (SELECT CASE WHEN p.prokind = 'a' THEN 'aggregate' ELSE pg_catalog.pg_get_functiondef(p.oid) END
              FROM pg_catalog.pg_proc AS p WHERE m.class = 'pg_catalog.pg_proc'::regclass AND p.oid = m.oid),
           (SELECT p.proacl::text FROM pg_catalog.pg_proc AS p WHERE m.class = 'pg_catalog.pg_proc'::regclass AND p.oid = m.oid),
           (SELECT CASE c.relkind WHEN 'v' THEN pg_catalog.pg_get_viewdef(c.oid) WHEN 'i' THEN pg_catalog.pg_get_indexdef(c.oid) END
              FROM pg_catalog.pg_class AS c WHERE m.class = 'pg_catalog.pg_class'::regclass AND c.oid = m.oid))
  FROM made AS m
 CROSS JOIN LATERAL pg_catalog.pg_identify_object(m.class, m.oid, 0) AS i
