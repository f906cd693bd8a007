-- One row an invalid index (not a partitioned one) of the tables in reach, their partitions and their TOAST tables: as
-- it would have to be written to drop it, and its bare name. In reach: the table $1, the table of the index $2 (both with
-- their schema, as SQL writes them), every table of the schema $3, or where $4 is true every table there is; null: none.
-- PostgreSQL 13 and later. Needs no privilege.
WITH RECURSIVE named AS (
    SELECT c.oid FROM pg_catalog.pg_class AS c WHERE c.oid = pg_catalog.to_regclass($1::text)
    UNION
    SELECT i.indrelid FROM pg_catalog.pg_index AS i WHERE i.indexrelid = pg_catalog.to_regclass($2::text)
    UNION
    SELECT c.oid
      FROM pg_catalog.pg_class AS c
      JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
     WHERE c.relkind IN ('r', 'm', 'p') AND (n.nspname = $3::text OR $4::boolean)
), tree AS (
    SELECT named.oid FROM named
    UNION
    SELECT h.inhrelid FROM tree JOIN pg_catalog.pg_inherits AS h ON h.inhparent = tree.oid
), reached AS (
    SELECT tree.oid FROM tree
    UNION
    SELECT c.reltoastrelid FROM tree JOIN pg_catalog.pg_class AS c ON c.oid = tree.oid WHERE c.reltoastrelid <> 0
)
SELECT i.indexrelid::pg_catalog.regclass::text, x.relname::text
  FROM pg_catalog.pg_index AS i
  JOIN reached ON reached.oid = i.indrelid
  JOIN pg_catalog.pg_class AS x ON x.oid = i.indexrelid
 WHERE NOT (i.indisvalid AND i.indisready AND i.indislive) AND x.relkind = 'i'
 ORDER BY 1
