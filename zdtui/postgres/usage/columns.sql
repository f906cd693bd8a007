-- One row a relation of people's own that has columns: the names of these in their order, and the relations it is a child of.
-- `kind`: pg_class.relkind. PostgreSQL 13 and later. Needs no privilege.
SELECT n.nspname::text AS schema, c.relname::text AS name, c.relkind::text AS kind,
       ARRAY(SELECT a.attname::text FROM pg_catalog.pg_attribute AS a
              WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum) AS columns,
       ARRAY(SELECT ARRAY[pn.nspname::text, p.relname::text]
               FROM pg_catalog.pg_inherits AS i
               JOIN pg_catalog.pg_class AS p ON p.oid = i.inhparent
               JOIN pg_catalog.pg_namespace AS pn ON pn.oid = p.relnamespace
              WHERE i.inhrelid = c.oid ORDER BY i.inhseqno) AS parents
  FROM pg_catalog.pg_class AS c
  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
 WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f')
   AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast') AND n.nspname !~ '^pg_(temp|toast_temp)_'
