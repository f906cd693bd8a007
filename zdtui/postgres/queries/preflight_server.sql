-- One row: which database and server this is. PostgreSQL 13 and later. Needs no privilege.
SELECT pg_catalog.current_database()::text AS database, pg_catalog.current_setting('server_version') AS version,
       pg_catalog.current_setting('server_version_num')::integer AS version_number,
       pg_catalog.pg_is_in_recovery() AS in_recovery
