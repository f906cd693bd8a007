-- One row a relation that is named in $1, or that inherits from one (partitions too). A name that is not there: no row.
-- `place`: 1-based place in $1. `depth`: 0 for the one that is named, 1 for its children ... `lockable`: LOCK TABLE takes
-- it and this role may (a view is left out: LOCK TABLE would lock every table under it).
-- $1: names as written in SQL (text[]), found by the session's search_path. PostgreSQL 13 and later. No privilege.
WITH RECURSIVE named AS (
    SELECT n.place, pg_catalog.to_regclass(n.written)::oid AS oid
      FROM pg_catalog.unnest($1::text[]) WITH ORDINALITY AS n(written, place)
), family AS (
    SELECT n.place, n.oid, 0 AS depth
      FROM named AS n
     WHERE n.oid IS NOT NULL
     UNION
    SELECT f.place, i.inhrelid, f.depth + 1
      FROM family AS f
      JOIN pg_catalog.pg_inherits AS i ON i.inhparent = f.oid
)
SELECT f.place::integer AS place, f.oid::bigint AS oid, s.nspname AS schema, c.relname AS name, f.depth,
       c.relkind IN ('r', 'p')
       AND (pg_catalog.has_table_privilege(c.oid, 'UPDATE')
            OR pg_catalog.has_table_privilege(c.oid, 'DELETE')
            OR pg_catalog.has_table_privilege(c.oid, 'TRUNCATE')) AS lockable
  FROM family AS f
  JOIN pg_catalog.pg_class AS c ON c.oid = f.oid
  JOIN pg_catalog.pg_namespace AS s ON s.oid = c.relnamespace
