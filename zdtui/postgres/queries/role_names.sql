-- One row a role but PostgreSQL's own.
-- Server versions: 13 and later. Needs no privilege.
SELECT r.rolname::text FROM pg_catalog.pg_roles AS r WHERE r.rolname !~ '^pg_' ORDER BY r.rolname
