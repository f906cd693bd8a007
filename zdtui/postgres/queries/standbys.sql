-- One row a walsender. Lags are intervals as the server measured them, null when there is nothing to replay.
-- `sent_lsn` and `replay_lsn` in bytes since the beginning of time. `reply_time`: the standby's clock when it last reported.
-- `hidden`: the role may not see the rest. PostgreSQL 13 and later. Needs pg_monitor (pg_read_all_stats).
-- The functions under pg_stat_replication are asked: the view reads every session to find the few that are walsenders.
SELECT r.pid, coalesce(a.application_name, '') AS name, coalesce(a.client_addr::text, a.client_hostname, 'local') AS client,
       coalesce(r.state, '') AS state, coalesce(r.sync_state, '') AS sync_state,
       r.write_lag, r.flush_lag, r.replay_lag,
       (r.sent_lsn - '0/0'::pg_lsn)::bigint AS sent_lsn,
       (r.replay_lsn - '0/0'::pg_lsn)::bigint AS replay_lsn, r.reply_time, r.state IS NULL AS hidden
  FROM pg_catalog.pg_stat_get_wal_senders() AS r
 CROSS JOIN LATERAL pg_catalog.pg_stat_get_activity(r.pid) AS a
 ORDER BY a.application_name, a.client_addr, r.pid
