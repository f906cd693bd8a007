-- One row a constraint NOT VALID on one of these tables.
-- $1: the tables with their schemas, as SQL writes them (text[]). PostgreSQL 13 and later. Needs no privilege.
SELECT c.conname::text AS name, c.conrelid::regclass::text AS "table"
  FROM pg_catalog.pg_constraint AS c
 WHERE NOT c.convalidated
   AND c.conrelid IN (SELECT pg_catalog.to_regclass(t.name) FROM pg_catalog.unnest($1::text[]) AS t(name))
 ORDER BY 2, 1
