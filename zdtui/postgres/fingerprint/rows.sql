-- How many rows a table has, and the sum of a hash of each.
-- {table}: as SQL writes it. {columns}: its columns. Server versions: 13 and later. Needs SELECT on the table.
SELECT pg_catalog.count(*), coalesce(pg_catalog.sum(pg_catalog.hashtextextended(ROW({columns})::text, 0)), 0)::text FROM {table} AS t
