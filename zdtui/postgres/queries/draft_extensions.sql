-- One row an extension of this database. Reads catalogs only; locks nothing. PostgreSQL 13 and later. Needs no privilege.
SELECT e.extname::text AS name FROM pg_catalog.pg_extension AS e
