-- The oid of every relation that is a shard of a table Citus has distributed, as far as this server holds them: they are
-- called like the table and the number of the shard, in the table's schema.
-- {shards}: its list, as SQL writes it. Server versions: 13 and later. Needs SELECT on that list, which is public.
SELECT c.oid::bigint
  FROM {shards} AS s
  JOIN pg_catalog.pg_class AS t ON t.oid = s.logicalrelid::oid
  JOIN pg_catalog.pg_class AS c ON c.relnamespace = t.relnamespace AND c.relname = t.relname || '_' || s.shardid::text
