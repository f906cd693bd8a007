-- One row: the process of the server that serves this session.
SELECT pg_catalog.pg_backend_pid()
