-- One row a table whose rows a copy needs: those named, those their foreign keys refer to, and so on, and the parts of
-- each; with its bytes. $1: names as SQL writes them (text[]). PostgreSQL 13 and later. Needs no privilege.
WITH RECURSIVE needed (oid) AS (
    SELECT pg_catalog.to_regclass(name)::oid FROM pg_catalog.unnest($1::text[]) AS asked (name)
    UNION
    SELECT also.oid
      FROM needed AS n
     CROSS JOIN LATERAL (SELECT k.confrelid AS oid FROM pg_catalog.pg_constraint AS k
                          WHERE k.conrelid = n.oid AND k.contype = 'f'
                          UNION ALL
                         SELECT i.inhrelid FROM pg_catalog.pg_inherits AS i WHERE i.inhparent = n.oid) AS also)
SELECT pg_catalog.format('%I.%I', s.nspname, c.relname) AS written,
       CASE WHEN c.relkind = 'r' THEN pg_catalog.pg_table_size(c.oid) ELSE 0 END AS bytes
  FROM needed AS n
  JOIN pg_catalog.pg_class AS c ON c.oid = n.oid
  JOIN pg_catalog.pg_namespace AS s ON s.oid = c.relnamespace
 WHERE c.relkind IN ('r', 'p')
