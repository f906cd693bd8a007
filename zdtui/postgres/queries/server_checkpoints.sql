-- One row: server checkpoints asked for since the statistics were reset. PostgreSQL 13 to 16. Needs no privilege.
SELECT b.checkpoints_req AS requested FROM pg_catalog.pg_stat_bgwriter AS b
