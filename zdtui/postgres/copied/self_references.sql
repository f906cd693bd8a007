-- One row a foreign key of the relation to itself: the names of its columns, of those they refer to, and whether all of
-- them must be null together (MATCH FULL).
-- $1: the relation as SQL writes it. Server versions: 13 and later. Needs no privilege.
SELECT ARRAY(SELECT a.attname::text
               FROM pg_catalog.unnest(c.conkey) WITH ORDINALITY AS k(attnum, place)
               JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.conrelid AND a.attnum = k.attnum
              ORDER BY k.place),
       ARRAY(SELECT a.attname::text
               FROM pg_catalog.unnest(c.confkey) WITH ORDINALITY AS k(attnum, place)
               JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.confrelid AND a.attnum = k.attnum
              ORDER BY k.place),
       c.confmatchtype = 'f'
  FROM pg_catalog.pg_constraint AS c
 WHERE c.contype = 'f' AND c.conrelid = pg_catalog.to_regclass($1::text) AND c.confrelid = c.conrelid
 ORDER BY c.conname
