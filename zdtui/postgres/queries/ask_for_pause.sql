-- Ask for a pause of the run in this database for as long as the session lives. $1: the key that pause_askers.sql looks for.
SELECT pg_catalog.pg_try_advisory_lock_shared($1::bigint)
