-- One row a view or materialized view that reads a table of people's own or calls a function of theirs, with its query.
-- pg_get_viewdef takes ACCESS SHARE on what the view reads, for the length of this statement.
-- PostgreSQL 13 and later. Needs no privilege.
SELECT n.nspname::text AS schema, c.relname::text AS name, c.relkind = 'm' AS materialized,
       pg_catalog.pg_get_viewdef(c.oid) AS query
  FROM pg_catalog.pg_class AS c
  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
 WHERE c.relkind IN ('v', 'm')
   AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_(temp|toast_temp)_'
   AND EXISTS (SELECT FROM pg_catalog.pg_rewrite AS r
                 JOIN pg_catalog.pg_depend AS d ON d.classid = 'pg_catalog.pg_rewrite'::regclass AND d.objid = r.oid
                WHERE r.ev_class = c.oid AND d.refobjid >= 16384 AND d.refobjid <> c.oid
                  AND d.refclassid IN ('pg_catalog.pg_class'::regclass, 'pg_catalog.pg_proc'::regclass))
