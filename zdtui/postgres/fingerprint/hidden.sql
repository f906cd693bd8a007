-- One row a thing that PostgreSQL hides from this role, so that pg_dump leaves it out without an error: which, and why.
-- Server versions: 13 and later. Needs no privilege.
SELECT pg_catalog.format('subscription %I: only a superuser may read it', s.subname)
  FROM pg_catalog.pg_subscription AS s
 WHERE s.subdbid = (SELECT d.oid FROM pg_catalog.pg_database AS d WHERE d.datname = pg_catalog.current_database())
   AND NOT (SELECT r.rolsuper FROM pg_catalog.pg_roles AS r WHERE r.rolname = current_user)
 UNION ALL
SELECT pg_catalog.format('options of the user mapping for %I on server %I: only its owner may read them', m.usename, m.srvname)
  FROM pg_catalog.pg_user_mappings AS m
 WHERE m.umoptions IS NULL AND NOT (SELECT r.rolsuper FROM pg_catalog.pg_roles AS r WHERE r.rolname = current_user)
