-- One row: whether the cancel was delivered. Nothing is signalled unless the backend is still the one that was shown.
-- $1: pid, $2: its backend_start. Needs pg_signal_backend (or the same role). Walsenders and autovacuum are left alone.
SELECT pg_catalog.pg_cancel_backend(pid)
  FROM pg_catalog.pg_stat_activity
 WHERE pid = $1 AND backend_start = $2 AND backend_type = 'client backend' AND pid <> pg_catalog.pg_backend_pid()
