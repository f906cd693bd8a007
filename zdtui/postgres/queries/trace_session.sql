-- One row while the session lives. $1: its pid (int). PostgreSQL 13 and later. Needs no privilege.
SELECT a.pid FROM pg_catalog.pg_stat_activity AS a WHERE a.pid = $1
