-- One row: what an INSERT into the relation meets: its relkind; rules on INSERT; and triggers before each row, or instead
-- of it, that fire in an ordinary session, on itself or a partition of it. Any of them may drop a row or change it. And whether
-- the role may update it.
-- $1: the relation as SQL writes it. Server versions: 13 and later. Needs no privilege.
SELECT c.relkind::text,
       coalesce((SELECT pg_catalog.array_agg(r.rulename::text ORDER BY r.rulename)
                   FROM pg_catalog.pg_rewrite AS r
                  WHERE r.ev_class = c.oid AND r.ev_type = '3' AND r.ev_enabled IN ('O', 'A')), '{}'),
       coalesce((SELECT pg_catalog.array_agg(DISTINCT t.tgname::text)
                   FROM pg_catalog.pg_trigger AS t
                  WHERE (t.tgrelid = c.oid OR t.tgrelid IN (SELECT p.relid FROM pg_catalog.pg_partition_tree(c.oid) AS p))
                    AND NOT t.tgisinternal AND t.tgenabled IN ('O', 'A')
                    AND t.tgtype & 4 = 4 AND (t.tgtype & 3 = 3 OR t.tgtype & 64 = 64)), '{}'),
       pg_catalog.has_table_privilege(c.oid, 'UPDATE')
  FROM pg_catalog.pg_class AS c
 WHERE c.oid = pg_catalog.to_regclass($1::text)
