-- What this session has counted (scans, temporary files) is told to the others with its next answer, not seconds later.
-- PostgreSQL 15 and later.
SELECT pg_catalog.pg_stat_force_next_flush()
