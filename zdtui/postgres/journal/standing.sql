-- One row: this role, whether the server is a standby, whether transactions of this session are read-only, and the
-- primary as the WAL receiver knows it (null without pg_read_all_stats, and on a primary). Needs no privilege.
SELECT CURRENT_USER::text,
       pg_catalog.pg_is_in_recovery(),
       pg_catalog.current_setting('default_transaction_read_only') = 'on'::text,
       (SELECT w.sender_host || ':'::text || w.sender_port::text FROM pg_catalog.pg_stat_wal_receiver AS w LIMIT 1)
