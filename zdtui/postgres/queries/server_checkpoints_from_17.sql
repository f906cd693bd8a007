-- One row: server checkpoints asked for since the statistics were reset. PostgreSQL 17 and later. Needs no privilege.
SELECT k.num_requested AS requested FROM pg_catalog.pg_stat_checkpointer AS k
