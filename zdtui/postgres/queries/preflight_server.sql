-- One row: which database and server this is, and whether its sessions read a backslash in a string as one by default.
-- PostgreSQL 13 and later. Needs no privilege.
SELECT pg_catalog.current_database()::text AS database, pg_catalog.current_setting('server_version') AS version,
       pg_catalog.current_setting('server_version_num')::integer AS version_number,
       pg_catalog.pg_is_in_recovery() AS in_recovery,
       coalesce((SELECT s.reset_val <> 'off' FROM pg_catalog.pg_settings AS s
                  WHERE s.name = 'standard_conforming_strings'), true) AS conforming_strings
