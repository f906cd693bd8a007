-- One row a valid unique index of the relation on plain columns of all its rows, the primary key first, then those of
-- fewer columns: its name, its columns' names, and whether it is looked at with each row (not DEFERRABLE).
-- $1: the relation as SQL writes it. Server versions: 13 and later. Needs no privilege.
SELECT x.relname::text,
       ARRAY(SELECT a.attname::text
               FROM pg_catalog.unnest(i.indkey::smallint[]) WITH ORDINALITY AS k(attnum, place)
               JOIN pg_catalog.pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
              WHERE k.place <= i.indnkeyatts
              ORDER BY k.place),
       i.indimmediate
  FROM pg_catalog.pg_index AS i
  JOIN pg_catalog.pg_class AS x ON x.oid = i.indexrelid
 WHERE i.indrelid = pg_catalog.to_regclass($1::text) AND i.indisunique AND i.indisvalid
   AND i.indpred IS NULL AND i.indexprs IS NULL
 ORDER BY i.indisprimary DESC, i.indnkeyatts, i.indexrelid
