-- A sequence goes on behind the rows that were made up. $1: its name (text); $2: the next value (bigint).
SELECT pg_catalog.setval($1::text::regclass, $2::bigint, false)
