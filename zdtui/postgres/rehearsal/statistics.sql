-- One row a column of a table: what the planner knows of its values, and none of them. `lengths`: of its most common
-- values, which never leave the server. `rows`: of the table, by estimate; null: never analysed.
-- PostgreSQL 13 and later. Of tables that this role may not read it knows nothing.
SELECT n.nspname::text AS schema, c.relname::text AS name, a.attname::text AS column_name,
       CASE WHEN c.reltuples < 0 THEN NULL ELSE c.reltuples::bigint END AS rows,
       coalesce(s.n_distinct, 0)::double precision AS n_distinct,
       coalesce(s.null_frac, 0)::double precision AS null_fraction,
       coalesce(s.avg_width, 0) AS width,
       ARRAY(SELECT DISTINCT pg_catalog.length(v) FROM pg_catalog.unnest(s.most_common_vals::text::text[]) AS v
              WHERE v IS NOT NULL ORDER BY 1) AS lengths
  FROM pg_catalog.pg_class AS c
  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
  JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  LEFT JOIN pg_catalog.pg_stats AS s
    ON s.schemaname = n.nspname AND s.tablename = c.relname AND s.attname = a.attname
   AND s.inherited = (c.relkind = 'p')
 WHERE c.relkind IN ('r', 'p') AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast', 'zdtui')
   AND n.nspname !~ '^pg_(temp|toast_temp)_'
