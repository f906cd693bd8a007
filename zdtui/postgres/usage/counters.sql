-- One row a statement that was called in this database, as the extension pg_stat_statements keeps it: its text with constants as
-- $1, $2 ... `query`: null or '<insufficient privilege>' where it is not to be had. `top_level`: null where the extension is too
-- old to tell. `since`: from when on it is counted, as text, where the extension tells that for each.
-- `public.` stands for the schema that the extension is in. PostgreSQL 13 and later. Of other roles' statements
-- pg_read_all_stats sees the text.
SELECT s.userid::bigint AS user_id, coalesce(r.rolname::text, 'role ' || s.userid::text) AS role, s.queryid AS query_id,
       (pg_catalog.to_jsonb(s) ->> 'toplevel')::boolean AS top_level, s.calls, s.query,
       (pg_catalog.to_jsonb(s) ->> 'stats_since')::timestamptz AS since
  FROM public.pg_stat_statements AS s
  LEFT JOIN pg_catalog.pg_roles AS r ON r.oid = s.userid
 WHERE s.dbid = (SELECT d.oid FROM pg_catalog.pg_database AS d WHERE d.datname = pg_catalog.current_database())
 ORDER BY s.calls DESC, s.queryid
