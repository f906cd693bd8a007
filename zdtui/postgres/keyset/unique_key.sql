-- One row a column of the given key, in the given order, when a valid unique index has exactly these columns:
-- name (quoted where needed), type, and whether it is NOT NULL. No row when there is no such index.
-- $1: the table as the author wrote it; $2: the columns, an array of names. Server versions: 13 and later.
SELECT pg_catalog.quote_ident(a.attname), pg_catalog.format_type(a.atttypid, a.atttypmod), a.attnotnull
  FROM pg_catalog.unnest($2::text[]) WITH ORDINALITY AS wanted(name, place)
  JOIN pg_catalog.pg_attribute AS a
    ON a.attrelid = $1::text::regclass AND a.attname = wanted.name AND a.attnum > 0 AND NOT a.attisdropped
 WHERE EXISTS (
         SELECT 1
           FROM pg_catalog.pg_index AS i
          WHERE i.indrelid = a.attrelid AND i.indisunique AND i.indisvalid AND i.indpred IS NULL AND i.indexprs IS NULL
            AND i.indimmediate
            AND (SELECT pg_catalog.array_agg(c.attname::text ORDER BY c.attname)
                   FROM pg_catalog.unnest(i.indkey::smallint[]) WITH ORDINALITY AS k(attnum, place)
                   JOIN pg_catalog.pg_attribute AS c ON c.attrelid = i.indrelid AND c.attnum = k.attnum
                  WHERE k.place <= i.indnkeyatts)
              = (SELECT pg_catalog.array_agg(w ORDER BY w) FROM pg_catalog.unnest($2::text[]) AS w))
 ORDER BY wanted.place
