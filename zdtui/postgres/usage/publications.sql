-- One row a publication that sends the table, by its name, its schema or all of them: who reads at the other end is not seen here.
-- $1: schema (text). $2: table (text). PostgreSQL 13 and later. Needs no privilege.
SELECT DISTINCT p.pubname::text AS name
  FROM pg_catalog.pg_publication_tables AS p
 WHERE p.schemaname = $1::text AND p.tablename = $2::text
 ORDER BY 1
