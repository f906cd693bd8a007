-- One row a role that has privileges on a table or view of people's own, the owner left out: `privileges` as GRANT takes
-- them; `owner` quoted. A table on which nobody else has any has one row with no role. Reads catalogs only; locks nothing.
-- PostgreSQL 13 and later. Needs no privilege.
SELECT n.nspname::text AS schema, c.relname::text AS name, pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(c.relowner)) AS owner,
       CASE WHEN a.grantee = 0 THEN 'PUBLIC' ELSE pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(a.grantee)) END AS role,
       pg_catalog.string_agg(a.privilege_type, ', ' ORDER BY a.privilege_type) AS privileges
  FROM pg_catalog.pg_class AS c
  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
  LEFT JOIN LATERAL pg_catalog.aclexplode(c.relacl) AS a ON a.grantee <> c.relowner
 WHERE c.relkind IN ('r', 'p', 'v') AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
   AND n.nspname !~ '^pg_(temp|toast_temp)_'
 GROUP BY c.oid, n.nspname, c.relname, a.grantee
 ORDER BY 1, 2, a.grantee
