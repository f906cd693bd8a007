-- One row, if the table has a primary key: its index, and why the table cannot be walked by it; empty when it can be.
-- $1: the table as SQL writes it. Server versions: 13 and later. Needs no privilege.
SELECT pg_catalog.quote_ident(x.relname),
       CASE WHEN m.amname <> 'btree' THEN '(WITHOUT OVERLAPS) has no order to walk by'
            WHEN NOT i.indimmediate THEN '(DEFERRABLE) may hold the same key twice for a while'
            WHEN NOT i.indisvalid THEN 'is not valid'
            ELSE '' END
  FROM pg_catalog.pg_index AS i
  JOIN pg_catalog.pg_class AS x ON x.oid = i.indexrelid
  JOIN pg_catalog.pg_am AS m ON m.oid = x.relam
 WHERE i.indrelid = $1::text::regclass AND i.indisprimary
