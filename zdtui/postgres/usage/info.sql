-- One row: how often pg_stat_statements has dropped its least used statements, and since when it counts.
-- `public.` stands for the schema that the extension is in. PostgreSQL 14 and later. Needs no privilege.
SELECT i.dealloc, i.stats_reset FROM public.pg_stat_statements_info AS i
