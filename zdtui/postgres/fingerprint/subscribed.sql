-- One row a table that a subscription of this database fills.
-- Server versions: 13 and later. Needs no privilege.
SELECT 'SUBSCRIBED TABLE', pg_catalog.format('%s: %I.%I', s.subname, n.nspname, c.relname), 'is filled'
  FROM pg_catalog.pg_subscription_rel AS r
  JOIN pg_catalog.pg_subscription AS s ON s.oid = r.srsubid
  JOIN pg_catalog.pg_class AS c ON c.oid = r.srrelid
  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
