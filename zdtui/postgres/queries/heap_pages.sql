-- One row: how many pages the heap of a table has now. $1: the table, as SQL writes it.
SELECT pg_catalog.pg_relation_size($1::text::regclass) / pg_catalog.current_setting('block_size')::bigint
