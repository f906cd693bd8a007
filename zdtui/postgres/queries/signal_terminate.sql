-- One row: whether the termination was delivered. Nothing is signalled unless the backend is still the one shown.
-- $1: pid, $2: its backend_start. Needs pg_signal_backend (or the same role). Walsenders and autovacuum are left alone.
SELECT pg_catalog.pg_terminate_backend(pid)
  FROM pg_catalog.pg_stat_activity
 WHERE pid = $1 AND backend_start = $2 AND backend_type = 'client backend' AND pid <> pg_catalog.pg_backend_pid()
