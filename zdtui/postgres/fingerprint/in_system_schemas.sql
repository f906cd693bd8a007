-- One row an object that people have made in a schema of the system's: pg_dump leaves these schemas out.
-- Server versions: 13 and later. Needs no privilege.
WITH named(class, oid, owner, schema) AS (
    SELECT 'pg_catalog.pg_class'::regclass, c.oid, c.relowner, c.relnamespace FROM pg_catalog.pg_class AS c WHERE c.relkind <> 'c'
     UNION ALL
    SELECT 'pg_catalog.pg_proc'::regclass, p.oid, p.proowner, p.pronamespace FROM pg_catalog.pg_proc AS p
     UNION ALL
    SELECT 'pg_catalog.pg_type'::regclass, t.oid, t.typowner, t.typnamespace FROM pg_catalog.pg_type AS t WHERE t.typelem = 0
     UNION ALL
    SELECT 'pg_catalog.pg_operator'::regclass, o.oid, o.oprowner, o.oprnamespace FROM pg_catalog.pg_operator AS o
     UNION ALL
    SELECT 'pg_catalog.pg_collation'::regclass, l.oid, l.collowner, l.collnamespace FROM pg_catalog.pg_collation AS l
     UNION ALL
    SELECT 'pg_catalog.pg_ts_config'::regclass, f.oid, f.cfgowner, f.cfgnamespace FROM pg_catalog.pg_ts_config AS f
     UNION ALL
    SELECT 'pg_catalog.pg_ts_dict'::regclass, y.oid, y.dictowner, y.dictnamespace FROM pg_catalog.pg_ts_dict AS y
), made AS (
    SELECT m.class, m.oid, m.owner
      FROM named AS m JOIN pg_catalog.pg_namespace AS n ON n.oid = m.schema
     WHERE m.oid >= 16384 AND n.nspname IN ('pg_catalog', 'information_schema')
)
SELECT 'IN A SYSTEM SCHEMA', i.type || ' ' || i.identity,
       pg_catalog.concat_ws(' | ', pg_catalog.pg_get_userbyid(m.owner),
           (SELECT CASE WHEN p.prokind = 'a' THEN 'aggregate' ELSE pg_catalog.pg_get_functiondef(p.oid) END
              FROM pg_catalog.pg_proc AS p WHERE m.class = 'pg_catalog.pg_proc'::regclass AND p.oid = m.oid),
           (SELECT p.proacl::text FROM pg_catalog.pg_proc AS p WHERE m.class = 'pg_catalog.pg_proc'::regclass AND p.oid = m.oid),
           (SELECT CASE c.relkind WHEN 'v' THEN pg_catalog.pg_get_viewdef(c.oid) WHEN 'i' THEN pg_catalog.pg_get_indexdef(c.oid) END
              FROM pg_catalog.pg_class AS c WHERE m.class = 'pg_catalog.pg_class'::regclass AND c.oid = m.oid),
           (SELECT pg_catalog.concat_ws(' ', c.relacl::text, pg_catalog.string_agg(
                       pg_catalog.concat_ws(' ', a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod), a.attnotnull,
                                            pg_catalog.pg_get_expr(d.adbin, d.adrelid)), ', ' ORDER BY a.attnum))
              FROM pg_catalog.pg_class AS c
              JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
              LEFT JOIN pg_catalog.pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
             WHERE m.class = 'pg_catalog.pg_class'::regclass AND c.oid = m.oid
             GROUP BY c.oid, c.relacl))
  FROM made AS m
 CROSS JOIN LATERAL pg_catalog.pg_identify_object(m.class, m.oid, 0) AS i
