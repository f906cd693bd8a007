-- At most one row: whether the partition $2 of $1 is half detached (true) or attached (false); no row: it is no partition.
-- $1, $2: with their schemas, as SQL writes them. PostgreSQL 14 and later. Needs no privilege.
SELECT h.inhdetachpending
  FROM pg_catalog.pg_inherits AS h
 WHERE h.inhparent = pg_catalog.to_regclass($1::text) AND h.inhrelid = pg_catalog.to_regclass($2::text)
