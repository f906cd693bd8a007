-- One row a walsender. Lags are intervals as the server measured them, null when there is nothing to replay.
-- `replay_lsn` in bytes since the beginning of time. `reply_time`: the standby's clock when it last reported.
-- `hidden`: the role may not see the rest. PostgreSQL 13 and later. Needs pg_monitor (pg_read_all_stats).
SELECT r.pid, coalesce(r.application_name, '') AS name, coalesce(r.client_addr::text, r.client_hostname, 'local') AS client,
       coalesce(r.state, '') AS state, coalesce(r.sync_state, '') AS sync_state,
       r.write_lag, r.flush_lag, r.replay_lag,
       (r.replay_lsn - '0/0'::pg_lsn)::bigint AS replay_lsn, r.reply_time, r.state IS NULL AS hidden
  FROM pg_catalog.pg_stat_replication AS r
 ORDER BY r.application_name, r.client_addr, r.pid
