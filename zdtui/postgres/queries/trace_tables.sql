-- One row a table or materialized view of people: its name as SQL writes it, and whether it is the one named, or the one
-- that the index named belongs to. $1: a name, or an empty text (text). PostgreSQL 13 and later. Needs no privilege.
SELECT pg_catalog.format('%I.%I', n.nspname, c.relname) AS written,
       coalesce(c.oid = pg_catalog.to_regclass(nullif($1, ''))
                OR c.oid = (SELECT x.indrelid FROM pg_catalog.pg_index AS x
                             WHERE x.indexrelid = pg_catalog.to_regclass(nullif($1, ''))), false) AS its_own
  FROM pg_catalog.pg_class AS c
  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
 WHERE n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast') AND n.nspname !~ '^pg_(temp|toast_temp)_'
   AND c.relkind IN ('r', 'p')
