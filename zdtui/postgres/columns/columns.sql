-- One row a column of the relation, in its order: name; as SQL writes it; the type a value is cast to so that it is what
-- an assignment to the column would store (domains as what they are made of; a length that an assignment refuses and a
-- cast cuts off is left out); the base type by oid; its typmod; NOT NULL; GENERATED ALWAYS AS IDENTITY; generated from
-- other columns; the collation (quoted and qualified; empty where the type has none) and whether it is deterministic; and
-- the operator of its type's own order that says two values are the same, with its schema ('=' where it has no order).
-- The type has its schema too, but for those whose name is part of SQL's grammar.
-- The numbers are varchar, char, bit and varbit, and arrays of them.
-- $1: the relation as SQL writes it. Server versions: 13 and later. Needs no privilege.
WITH RECURSIVE based AS (
    SELECT a.attnum, a.atttypid AS type, a.atttypmod AS typmod, 0 AS depth
      FROM pg_catalog.pg_attribute AS a
     WHERE a.attrelid = pg_catalog.to_regclass($1::text) AND a.attnum > 0 AND NOT a.attisdropped
     UNION ALL
    SELECT b.attnum, t.typbasetype, CASE WHEN t.typtypmod >= 0 THEN t.typtypmod ELSE b.typmod END, b.depth + 1
      FROM based AS b
      JOIN pg_catalog.pg_type AS t ON t.oid = b.type AND t.typtype = 'd'
)
SELECT a.attname::text, pg_catalog.quote_ident(a.attname),
       CASE WHEN pg_catalog.format_type(e.oid, NULL) = pg_catalog.quote_ident(e.typname)
             AND e.typnamespace = 'pg_catalog'::regnamespace
            THEN 'pg_catalog.' ELSE '' END ||
       pg_catalog.format_type(b.type, CASE WHEN b.type IN (1043, 1042, 1560, 1562, 1015, 1014, 1561, 1563)
                                           THEN -1 ELSE b.typmod END),
       b.type::bigint, b.typmod, a.attnotnull, a.attidentity = 'a', a.attgenerated <> '',
       CASE WHEN c.oid IS NULL THEN '' ELSE pg_catalog.format('%I.%I', n.nspname, c.collname) END, coalesce(c.collisdeterministic, true),
       coalesce((SELECT pg_catalog.format('OPERATOR(%I.%s)', os.nspname, o.oprname)
                   FROM pg_catalog.pg_opclass AS u
                   JOIN pg_catalog.pg_am AS m ON m.oid = u.opcmethod AND m.amname = 'btree'
                   JOIN pg_catalog.pg_amop AS w ON w.amopfamily = u.opcfamily AND w.amoppurpose = 's'
                    AND w.amopstrategy = 3 AND w.amoplefttype = u.opcintype AND w.amoprighttype = u.opcintype
                   JOIN pg_catalog.pg_operator AS o ON o.oid = w.amopopr
                   JOIN pg_catalog.pg_namespace AS os ON os.oid = o.oprnamespace
                  WHERE u.opcdefault
                    AND u.opcintype = CASE WHEN y.oid = 1043 THEN 25 WHEN y.oid = 650 THEN 869 WHEN y.typtype = 'e' THEN 3500
                                           WHEN y.typtype = 'r' THEN 3831 WHEN y.typtype = 'm' THEN 4537
                                           WHEN y.typtype = 'c' THEN 2249 WHEN y.typcategory = 'A' THEN 2277
                                           ELSE y.oid END), '=')
  FROM (SELECT DISTINCT ON (attnum) attnum, type, typmod FROM based ORDER BY attnum, depth DESC) AS b
  JOIN pg_catalog.pg_attribute AS a ON a.attrelid = pg_catalog.to_regclass($1::text) AND a.attnum = b.attnum
  JOIN pg_catalog.pg_type AS y ON y.oid = b.type
  JOIN pg_catalog.pg_type AS e ON e.oid = CASE WHEN y.typlen = -1 AND y.typelem <> 0 THEN y.typelem ELSE y.oid END
  LEFT JOIN pg_catalog.pg_collation AS c ON c.oid = a.attcollation
  LEFT JOIN pg_catalog.pg_namespace AS n ON n.oid = c.collnamespace
 ORDER BY a.attnum
