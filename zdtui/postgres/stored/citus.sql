-- One row where Citus is installed, or what it keeps its tables in is there: the relations, as SQL writes them, in which
-- it lists the tables it has distributed and their shards; each empty where it is not to be found.
-- Server versions: 13 and later. Needs no privilege.
SELECT coalesce(pg_catalog.to_regclass('pg_catalog.pg_dist_partition')::oid::regclass::text, ''),
       coalesce(pg_catalog.to_regclass('pg_catalog.pg_dist_shard')::oid::regclass::text, '')
 WHERE pg_catalog.to_regclass('pg_catalog.pg_dist_partition') IS NOT NULL
    OR EXISTS (SELECT FROM pg_catalog.pg_extension AS e WHERE e.extname = 'citus')
