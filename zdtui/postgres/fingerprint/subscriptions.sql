-- One row a subscription of this database that works: pg_dump writes each as if it were switched off.
-- Server versions: 13 and later. Needs no privilege.
SELECT 'SUBSCRIPTION STATE', s.subname::text, 'enabled'
  FROM pg_catalog.pg_subscription AS s
 WHERE s.subenabled AND s.subdbid = (SELECT d.oid FROM pg_catalog.pg_database AS d WHERE d.datname = pg_catalog.current_database())
