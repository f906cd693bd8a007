-- One row an extension: pg_dump writes neither its version nor its owner.
-- Server versions: 13 and later. Needs no privilege.
SELECT 'EXTENSION VERSION', e.extname::text,
       pg_catalog.format('version %s, owner %s, relocatable %s, tables of settings %s', e.extversion,
                         pg_catalog.pg_get_userbyid(e.extowner), e.extrelocatable, e.extconfig::regclass[]::text)
  FROM pg_catalog.pg_extension AS e
