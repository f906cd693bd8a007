-- One row a relation the given names stand for, one the table of an index, and one a relation that inherits from it (a partition, a child), however
-- deep: the name as given, whether it is the named one, the relation as SQL writes it, its oid, relkind (empty: the name
-- is known and pg_class does not show it, as Citus hides its shards), access method, foreign server, whether row
-- security decides which rows this role sees of it, whether other relations inherit from it, rules that do something
-- else INSTEAD ('UPDATE r'), BEFORE UPDATE triggers for each row, subscriptions that fill it, and what a view reads.
-- $1: tables with their schemas, as SQL writes them (text[]). Server versions: 13 and later. Needs no privilege.
WITH RECURSIVE named AS MATERIALIZED (
    SELECT t.name, t.place, pg_catalog.to_regclass(t.name)::oid AS oid
      FROM pg_catalog.unnest($1::text[]) WITH ORDINALITY AS t(name, place)
), family AS (
    SELECT n.name, n.place, r.oid, true AS itself
      FROM named AS n
     CROSS JOIN LATERAL (SELECT n.oid UNION ALL
                         SELECT x.indrelid FROM pg_catalog.pg_index AS x WHERE x.indexrelid = n.oid) AS r(oid)
     WHERE r.oid IS NOT NULL
     UNION
    SELECT f.name, f.place, i.inhrelid, false
      FROM family AS f JOIN pg_catalog.pg_inherits AS i ON i.inhparent = f.oid
)
SELECT f.name, f.itself, coalesce(pg_catalog.format('%I.%I', n.nspname, c.relname), f.name), f.oid::bigint,
       coalesce(c.relkind::text, ''), coalesce(m.amname::text, ''),
       coalesce((SELECT s.srvname::text
                   FROM pg_catalog.pg_foreign_table AS o
                   JOIN pg_catalog.pg_foreign_server AS s ON s.oid = o.ftserver
                  WHERE o.ftrelid = c.oid), ''),
       coalesce(c.relkind IN ('r', 'p', 'f') AND pg_catalog.row_security_active(c.oid), false),
       EXISTS (SELECT FROM pg_catalog.pg_inherits AS h WHERE h.inhparent = c.oid),
       ARRAY(SELECT (CASE r.ev_type WHEN '2' THEN 'UPDATE ' WHEN '3' THEN 'INSERT ' ELSE 'DELETE ' END) || r.rulename
               FROM pg_catalog.pg_rewrite AS r
              WHERE r.ev_class = c.oid AND r.is_instead AND r.ev_type IN ('2', '3', '4') AND r.ev_enabled <> 'D'
              ORDER BY 1),
       ARRAY(SELECT g.tgname::text
               FROM pg_catalog.pg_trigger AS g
              WHERE g.tgrelid = c.oid AND NOT g.tgisinternal AND g.tgenabled <> 'D'
                AND g.tgtype::integer & 1 = 1 AND g.tgtype::integer & 2 = 2 AND g.tgtype::integer & 16 = 16
              ORDER BY 1),
       ARRAY(SELECT s.subname::text
               FROM pg_catalog.pg_subscription_rel AS e
               JOIN pg_catalog.pg_subscription AS s ON s.oid = e.srsubid
              WHERE e.srrelid = c.oid
              ORDER BY 1),
       ARRAY(SELECT DISTINCT pg_catalog.format('%I.%I', rn.nspname, rc.relname)
               FROM pg_catalog.pg_rewrite AS w
               JOIN pg_catalog.pg_depend AS d ON d.classid = 'pg_catalog.pg_rewrite'::regclass AND d.objid = w.oid
                    AND d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjid <> c.oid
               JOIN pg_catalog.pg_class AS rc ON rc.oid = d.refobjid
               JOIN pg_catalog.pg_namespace AS rn ON rn.oid = rc.relnamespace
              WHERE w.ev_class = c.oid AND c.relkind IN ('v', 'm')
              ORDER BY 1)
  FROM family AS f
  LEFT JOIN pg_catalog.pg_class AS c ON c.oid = f.oid
  LEFT JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
  LEFT JOIN pg_catalog.pg_am AS m ON m.oid = c.relam
 ORDER BY f.place, f.itself DESC, 3
