-- One row: a session that works in the database in which folders of migrations are rehearsed; null where nobody does.
-- $1: the database (text). Server versions: 13 and later. Needs no privilege.
SELECT pg_catalog.min(a.pid) FROM pg_catalog.pg_stat_activity AS a WHERE a.datname = $1::text
