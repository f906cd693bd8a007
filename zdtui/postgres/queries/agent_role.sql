-- One row: whether the role of an agent's session could do more to the server than ask it: a superuser, or one that may read
-- or write the server's files or run programs there. PostgreSQL 13 and later. Needs no privilege.
SELECT CURRENT_USER::text AS role,
       r.rolsuper
           OR pg_catalog.pg_has_role(r.oid, 'pg_execute_server_program'::name, 'USAGE'::text)
           OR pg_catalog.pg_has_role(r.oid, 'pg_write_server_files'::name, 'USAGE'::text)
           OR pg_catalog.pg_has_role(r.oid, 'pg_read_server_files'::name, 'USAGE'::text) AS too_strong,
       (SELECT pg_catalog.count(*) FROM pg_catalog.pg_class AS c
          JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
         WHERE c.relkind IN ('r'::"char", 'p'::"char")
           AND n.nspname NOT IN ('pg_catalog'::name, 'information_schema'::name, 'zdtui'::name)
           AND pg_catalog.has_table_privilege(c.oid, 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE'::text)) AS tables_it_may_use
  FROM pg_catalog.pg_roles AS r
 WHERE r.rolname = CURRENT_USER
