-- One row a trigger (of a person's making) on one of these tables.
-- $1: the tables with their schemas, as SQL writes them (text[]). PostgreSQL 13 and later. Needs no privilege.
SELECT g.tgname::text AS name, g.tgrelid::regclass::text AS "table", g.tgenabled <> 'D' AS enabled
  FROM pg_catalog.pg_trigger AS g
 WHERE NOT g.tgisinternal
   AND g.tgrelid IN (SELECT pg_catalog.to_regclass(t.name) FROM pg_catalog.unnest($1::text[]) AS t(name))
 ORDER BY 2, 1
