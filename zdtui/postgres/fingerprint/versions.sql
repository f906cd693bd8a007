-- One row a collation of people that notes a version of the library it sorts by.
-- Server versions: 13 and later. Needs no privilege.
SELECT 'COLLATION VERSION', pg_catalog.format('%I.%I', n.nspname, c.collname), c.collversion
  FROM pg_catalog.pg_collation AS c
  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.collnamespace
 WHERE c.oid >= 16384 AND c.collversion IS NOT NULL
