-- The rows of the function in lock_log.sql. $1: how the sessions' names begin (text). $2: for so many seconds.
SELECT at, held FROM pg_temp.zdtui_lock_log($1::text, $2::double precision)
