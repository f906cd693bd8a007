-- At most one row: the share of a column's values, 0 to 1, that come before $4, by the planner's histogram; null when
-- the column was never analyzed or has too few values for a histogram. Precise to a hundredth at the default target.
-- $1, $2: schema and table; $3: the column's bare name; $4: the value. {type} and {collation} are the key's own.
-- Server versions: 13 and later. Needs SELECT on the column: without it pg_stats hides the row.
SELECT pg_catalog.count(*) FILTER (WHERE b.bound::{type} {collation} <= $4::{type})::float8 / NULLIF(pg_catalog.count(*), 0)
  FROM pg_catalog.pg_stats AS s
 CROSS JOIN LATERAL pg_catalog.unnest(s.histogram_bounds::text::text[]) AS b(bound)
 WHERE s.schemaname = $1 AND s.tablename = $2 AND s.attname = $3 AND NOT s.inherited
