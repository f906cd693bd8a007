-- One row a session that calls itself zdtui, is not one of $1, and does something or keeps a transaction open.
-- $1: our pids (integer[]). PostgreSQL 13 and later. Without pg_monitor the state of others' sessions is not known.
SELECT a.pid, a.application_name AS application, coalesce(a.state, 'state unknown') AS state,
       pg_catalog.clock_timestamp() - a.xact_start AS age
  FROM pg_catalog.pg_stat_activity AS a
 WHERE a.application_name LIKE 'zdtui%'
   AND a.datname = pg_catalog.current_database()
   AND a.pid <> ALL ($1::integer[])
   AND a.application_name NOT IN ('zdtui watcher', 'zdtui journal', 'zdtui rehearsal', 'zdtui load')
   AND a.state IS DISTINCT FROM 'idle'
 ORDER BY a.pid
