-- One row: what this role may do. $1: the schema where an unqualified CREATE TABLE of the author's would go (null: nowhere).
-- PostgreSQL 13 and later. Needs no privilege.
SELECT current_user::text AS role,
       pg_catalog.has_database_privilege(pg_catalog.current_database(), 'CREATE') AS may_create_schema,
       pg_catalog.pg_has_role('pg_read_all_stats', 'USAGE') AS sees_all_sessions,
       $1::text AS schema,
       coalesce(pg_catalog.has_schema_privilege($1::text, 'CREATE'), false) AS may_create_in_schema
