-- One row a column of each key the table may be walked by, the keys in order of preference, its columns in key order:
-- index, whether it is the primary key, column (quoted where needed), bare name, type, NOT NULL, descending,
-- nulls first, the index's collation where it is not the column's own (quoted and qualified; else empty), and the
-- index's bare name, and the operators its order is made of: <, <=, =, >=, >, each with its schema, so that nobody
-- else's is used.
-- A key is a valid, immediate, unique btree index on plain columns of all rows, in the usual order of their types.
-- The type has its schema too, but for those whose name is part of SQL's grammar (integer, timestamp with time zone).
-- $1: the table as SQL writes it, with its schema. Server versions: 13 and later. Needs no privilege.
SELECT i.indexrelid::bigint, i.indisprimary, pg_catalog.quote_ident(a.attname), a.attname::text,
       CASE WHEN pg_catalog.format_type(e.oid, NULL) = pg_catalog.quote_ident(e.typname)
             AND e.typnamespace = 'pg_catalog'::regnamespace
            THEN 'pg_catalog.' ELSE '' END || pg_catalog.format_type(a.atttypid, a.atttypmod),
       a.attnotnull,
       (i.indoption::smallint[])[k.place - 1] & 1 = 1, (i.indoption::smallint[])[k.place - 1] & 2 = 2,
       CASE WHEN (i.indcollation::oid[])[k.place - 1] IN (0, a.attcollation) THEN ''
            ELSE pg_catalog.format('%I.%I', n.nspname, c.collname) END,
       x.relname::text,
       ARRAY(SELECT pg_catalog.format('OPERATOR(%I.%s)', os.nspname, o.oprname)
               FROM pg_catalog.pg_opclass AS u
               JOIN pg_catalog.pg_amop AS w ON w.amopfamily = u.opcfamily AND w.amoppurpose = 's'
                AND w.amoplefttype = u.opcintype AND w.amoprighttype = u.opcintype
               JOIN pg_catalog.pg_operator AS o ON o.oid = w.amopopr
               JOIN pg_catalog.pg_namespace AS os ON os.oid = o.oprnamespace
              WHERE u.oid = (i.indclass::oid[])[k.place - 1]
              ORDER BY w.amopstrategy)
  FROM pg_catalog.pg_index AS i
  JOIN pg_catalog.pg_class AS x ON x.oid = i.indexrelid
  JOIN pg_catalog.pg_am AS m ON m.oid = x.relam AND m.amname = 'btree'
 CROSS JOIN LATERAL pg_catalog.unnest(i.indkey::smallint[]) WITH ORDINALITY AS k(attnum, place)
  JOIN pg_catalog.pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
  JOIN pg_catalog.pg_type AS y ON y.oid = a.atttypid
  JOIN pg_catalog.pg_type AS e ON e.oid = CASE WHEN y.typlen = -1 AND y.typelem <> 0 THEN y.typelem ELSE y.oid END
  LEFT JOIN pg_catalog.pg_collation AS c ON c.oid = (i.indcollation::oid[])[k.place - 1]
  LEFT JOIN pg_catalog.pg_namespace AS n ON n.oid = c.collnamespace
 WHERE i.indrelid = $1::text::regclass AND i.indisunique AND i.indisvalid AND i.indpred IS NULL AND i.indexprs IS NULL
   AND i.indimmediate AND k.place <= i.indnkeyatts
   AND NOT EXISTS (SELECT 1
                     FROM pg_catalog.unnest(i.indclass::oid[]) WITH ORDINALITY AS o(opclass, place)
                     JOIN pg_catalog.pg_opclass AS p ON p.oid = o.opclass
                    WHERE o.place <= i.indnkeyatts AND NOT p.opcdefault)
 ORDER BY i.indisprimary DESC, i.indnkeyatts, i.indexrelid, k.place
