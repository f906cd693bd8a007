-- One row a constraint of the relation $1 (its oid), and one a foreign key of another table that refers to it.
-- PostgreSQL 13 and later. Needs no privilege.
SELECT k.conname::text AS name,
       CASE k.contype WHEN 'p'::"char" THEN 'primary key'::text WHEN 'u'::"char" THEN 'unique'::text
                      WHEN 'f'::"char" THEN 'foreign key'::text WHEN 'c'::"char" THEN 'check'::text
                      WHEN 'x'::"char" THEN 'exclusion'::text WHEN 'n'::"char" THEN 'not null'::text
                      ELSE 'trigger'::text END AS kind,
       pg_catalog.pg_get_constraintdef(k.oid) AS definition,
       k.convalidated AS validated,
       CASE WHEN k.conrelid <> $1::bigint::oid THEN n.nspname::text END AS other_schema,
       CASE WHEN k.conrelid <> $1::bigint::oid THEN c.relname::text END AS other_table
  FROM pg_catalog.pg_constraint AS k
  JOIN pg_catalog.pg_class AS c ON c.oid = k.conrelid
  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
 WHERE (k.conrelid = $1::bigint::oid OR k.confrelid = $1::bigint::oid AND k.contype = 'f'::"char")
   AND k.conparentid = 0::oid
 ORDER BY k.contype, k.conname
 LIMIT 400
