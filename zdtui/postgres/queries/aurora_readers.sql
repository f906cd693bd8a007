-- One row an instance of an Aurora cluster: its name, whether it is the writer, and its lag in seconds (null: not told).
-- Aurora PostgreSQL only. The schema is replaced where the function is somewhere else.
SELECT s.server_id::text AS name, s.session_id::text = 'MASTER_SESSION_ID' AS writer,
       s.replica_lag_in_msec::float8 / 1000 AS lag
  FROM pg_catalog.aurora_replica_status() AS s
 ORDER BY 1
