-- The oid of every relation that Citus has distributed, or that it keeps as a reference table or a local one of its own.
-- {partitions}: its list, as SQL writes it. Server versions: 13 and later. Needs SELECT on that list, which is public.
SELECT logicalrelid::oid::bigint FROM {partitions}
