-- One row a trigger, policy or rule, steady function, extended statistics, table of a publication, domain ('domain': base type and whether a value can
-- fail it): `kind`, then what belongs to it; `more` of a trigger, publication and policy: the columns it follows, as JSON. $1: what is on these relations alone or is a type in them (oid[]);
-- $2: functions and types of these names alone (text[]); null, both: all.
-- PostgreSQL 13 and later. Needs no privilege.
SELECT 'trigger' AS kind, g.tgname::text AS name, n.nspname::text AS schema, c.relname::text AS relation,
       pg_catalog.array_to_json(ARRAY(SELECT a.attname FROM pg_catalog.pg_attribute AS a
                                       WHERE a.attrelid = c.oid AND a.attnum = ANY (g.tgattr::int2[])))::text AS more
  FROM pg_catalog.pg_trigger AS g
  JOIN pg_catalog.pg_class AS c ON c.oid = g.tgrelid
  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
 WHERE NOT g.tgisinternal AND ($1::oid[] IS NULL OR c.oid = ANY ($1::oid[]))
UNION ALL
SELECT 'statistics', e.stxname::text, n.nspname::text, c.relname::text, ''
  FROM pg_catalog.pg_statistic_ext AS e
  JOIN pg_catalog.pg_class AS c ON c.oid = e.stxrelid
  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
 WHERE ($1::oid[] IS NULL OR c.oid = ANY ($1::oid[]))
UNION ALL
SELECT 'publication', p.pubname::text, n.nspname::text, c.relname::text,
       pg_catalog.array_to_json(ARRAY(SELECT a.attname FROM pg_catalog.pg_attribute AS a
                                       WHERE a.attrelid = c.oid AND a.attnum > 0 AND a.attnum::text = ANY (
                                             pg_catalog.regexp_split_to_array(pg_catalog.to_jsonb(r) ->> 'prattrs',
                                                                              '[^0-9]+'))))::text
  FROM pg_catalog.pg_publication_rel AS r
  JOIN pg_catalog.pg_publication AS p ON p.oid = r.prpubid
  JOIN pg_catalog.pg_class AS c ON c.oid = r.prrelid
  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
 WHERE ($1::oid[] IS NULL OR c.oid = ANY ($1::oid[]))
UNION ALL
SELECT 'policy', p.polname::text, n.nspname::text, c.relname::text,
       pg_catalog.array_to_json(ARRAY(SELECT DISTINCT a.attname FROM pg_catalog.pg_depend AS d
                                        JOIN pg_catalog.pg_attribute AS a
                                          ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
                                       WHERE d.classid = 'pg_catalog.pg_policy'::regclass AND d.objid = p.oid
                                         AND d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjid = c.oid
                                         AND d.refobjsubid > 0))::text
  FROM pg_catalog.pg_policy AS p
  JOIN pg_catalog.pg_class AS c ON c.oid = p.polrelid
  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
 WHERE ($1::oid[] IS NULL OR c.oid = ANY ($1::oid[]))
UNION ALL
SELECT 'policy', r.rulename::text, n.nspname::text, c.relname::text, '[]'
  FROM pg_catalog.pg_rewrite AS r
  JOIN pg_catalog.pg_class AS c ON c.oid = r.ev_class
  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
 WHERE r.rulename <> '_RETURN' AND ($1::oid[] IS NULL OR c.oid = ANY ($1::oid[]))
UNION ALL
SELECT 'function', f.proname::text, n.nspname::text, '', ''
  FROM pg_catalog.pg_proc AS f
  JOIN pg_catalog.pg_namespace AS n ON n.oid = f.pronamespace
 WHERE f.provolatile <> 'v' AND n.nspname NOT IN ('pg_catalog', 'information_schema')
   AND ($2::text[] IS NULL OR f.proname = ANY ($2::text[]))
UNION ALL
SELECT 'domain', t.typname::text, n.nspname::text, pg_catalog.format_type(t.typbasetype, t.typtypmod),
       CASE WHEN t.typnotnull OR EXISTS (SELECT FROM pg_catalog.pg_constraint AS k WHERE k.contypid = t.oid)
            THEN 'constrained' ELSE '' END
  FROM pg_catalog.pg_type AS t
  JOIN pg_catalog.pg_namespace AS n ON n.oid = t.typnamespace
 WHERE t.typtype = 'd' AND n.nspname NOT IN ('pg_catalog', 'information_schema')
   AND ($2::text[] IS NULL OR t.oid = ANY (ARRAY(
        WITH RECURSIVE used (oid) AS (
            SELECT a.atttypid FROM pg_catalog.pg_attribute AS a WHERE a.attrelid = ANY ($1::oid[])
             UNION
            SELECT u.oid FROM pg_catalog.pg_type AS u WHERE u.typname = ANY ($2::text[])
             UNION
            SELECT of.oid
              FROM used AS u JOIN pg_catalog.pg_type AS t ON t.oid = u.oid
             CROSS JOIN LATERAL (VALUES (t.typbasetype), (t.typelem)) AS of (oid)
             WHERE of.oid <> 0
        )
        SELECT u.oid FROM used AS u)))
UNION ALL
SELECT 'time zone', pg_catalog.current_setting('TimeZone'), '', '', ''
