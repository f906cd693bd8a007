-- One row a table the plan names: whether it is there, whose it is, and which privileges this role has on it.
-- $1: the tables with their schemas, as SQL writes them (text[]). PostgreSQL 13 and later. Needs no privilege.
SELECT t.name, c.oid IS NOT NULL AS present, coalesce(pg_catalog.pg_get_userbyid(c.relowner)::text, '') AS owner,
       coalesce(pg_catalog.pg_has_role(c.relowner, 'USAGE'), false) AS owned,
       ARRAY(SELECT p.privilege
               FROM pg_catalog.unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'TRIGGER']) AS p(privilege)
              WHERE pg_catalog.has_table_privilege(c.oid, p.privilege)) AS privileges
  FROM pg_catalog.unnest($1::text[]) AS t(name)
  LEFT JOIN pg_catalog.pg_class AS c ON c.oid = pg_catalog.to_regclass(t.name)
