-- One row a function or procedure of people's own. `body`: its text; empty where it is in standard SQL, and then `definition` is
-- the CREATE that makes it. `arguments`: names of those that take the row of a relation, with its place and the relation;
-- `returns`: the relation whose rows it returns. PostgreSQL 13 and later. Needs no privilege.
SELECT n.nspname::text AS schema, p.proname::text AS name, l.lanname::text AS language,
       CASE WHEN l.lanname IN ('c', 'internal') THEN '' ELSE p.prosrc END AS body,
       CASE WHEN pg_catalog.to_jsonb(p) ->> 'prosqlbody' IS NOT NULL THEN pg_catalog.pg_get_functiondef(p.oid) ELSE '' END
         AS definition,
       p.oid::regprocedure::text AS signature,
       ARRAY(SELECT ARRAY[coalesce(p.proargnames[a.place], ''), a.place::text, rn.nspname::text, r.relname::text]
               FROM pg_catalog.unnest(coalesce(p.proallargtypes, p.proargtypes::oid[])) WITH ORDINALITY AS a(type, place)
               JOIN pg_catalog.pg_type AS t ON t.oid = a.type AND t.typrelid <> 0
               JOIN pg_catalog.pg_class AS r ON r.oid = t.typrelid AND r.relkind IN ('r', 'p', 'v', 'm', 'f')
               JOIN pg_catalog.pg_namespace AS rn ON rn.oid = r.relnamespace
              ORDER BY a.place) AS arguments,
       (SELECT ARRAY[rn.nspname::text, r.relname::text]
          FROM pg_catalog.pg_type AS t
          JOIN pg_catalog.pg_class AS r ON r.oid = t.typrelid AND r.relkind IN ('r', 'p', 'v', 'm', 'f')
          JOIN pg_catalog.pg_namespace AS rn ON rn.oid = r.relnamespace
         WHERE t.oid = p.prorettype) AS returns
  FROM pg_catalog.pg_proc AS p
  JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace
  JOIN pg_catalog.pg_language AS l ON l.oid = p.prolang
 WHERE p.prokind IN ('f', 'p', 'w') AND n.nspname NOT IN ('pg_catalog', 'information_schema')
   AND n.nspname !~ '^pg_(temp|toast_temp)_'
 ORDER BY p.oid
