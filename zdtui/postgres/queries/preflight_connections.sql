-- One row: client connections in use, and how many ordinary roles may have. PostgreSQL 13 and later. No privilege.
SELECT (SELECT pg_catalog.sum(d.numbackends) FROM pg_catalog.pg_stat_database AS d)::integer AS used,
       pg_catalog.current_setting('max_connections')::integer
         - pg_catalog.current_setting('superuser_reserved_connections')::integer AS allowed
