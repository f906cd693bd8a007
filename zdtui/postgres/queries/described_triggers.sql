-- One row a trigger of the relation $1 (its oid) that somebody made. PostgreSQL 13 and later. Needs no privilege.
SELECT g.tgname::text AS name,
       pg_catalog.pg_get_triggerdef(g.oid) AS definition,
       g.tgenabled <> 'D'::"char" AS enabled
  FROM pg_catalog.pg_trigger AS g
 WHERE g.tgrelid = $1::bigint::oid AND NOT g.tgisinternal
 ORDER BY g.tgname
 LIMIT 200
