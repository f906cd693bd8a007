-- At most one row: how rows of a table are found by its primary key, and a column that can be set to itself.
-- `written`: the table; `columns`: the key's; `other`: null where every column is of the key or computed.
-- $1: its name (text). PostgreSQL 13 and later. Needs no privilege.
SELECT pg_catalog.format('%I.%I', n.nspname, c.relname) AS written,
       ARRAY(SELECT pg_catalog.quote_ident(a.attname)
               FROM pg_catalog.unnest(i.indkey::smallint[]) WITH ORDINALITY AS k (attnum, place)
               JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND a.attnum = k.attnum
              ORDER BY k.place) AS columns,
       (SELECT pg_catalog.quote_ident(a.attname)
          FROM pg_catalog.pg_attribute AS a
         WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '' AND a.attidentity <> 'a'
           AND a.attnum <> ALL (i.indkey::smallint[])
         ORDER BY a.attnum LIMIT 1) AS other
  FROM pg_catalog.pg_class AS c
  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
  JOIN pg_catalog.pg_index AS i ON i.indrelid = c.oid AND i.indisprimary AND i.indisvalid
 WHERE c.oid = pg_catalog.to_regclass($1) AND c.relkind IN ('r', 'p')
