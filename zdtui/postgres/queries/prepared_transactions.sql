-- One row a prepared transaction of the cluster: its id, name, age (interval) since PREPARE, owner and database.
-- PostgreSQL 13 and later. Needs no privilege.
SELECT p.transaction::text AS xid, p.gid, p.prepared, pg_catalog.clock_timestamp() - p.prepared AS age,
       p.owner::text AS owner, p.database::text AS database
  FROM pg_catalog.pg_prepared_xacts AS p
 ORDER BY p.prepared
