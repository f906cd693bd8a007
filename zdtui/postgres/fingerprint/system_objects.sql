-- One row a catalog: a hash over what PostgreSQL itself has brought in it, with owners and settings, and one over its
-- comments. A superuser may change it all, and pg_dump writes privileges alone.
-- Server versions: 13 and later. Needs no privilege.
SELECT 'SYSTEM OBJECTS', 'functions', pg_catalog.sum(pg_catalog.hashtextextended(pg_catalog.concat_ws(' ', p.oid, p.proname,
           p.proowner, p.procost, p.prorows, p.prosupport, p.prosecdef, p.proleakproof, p.proisstrict, p.provolatile, p.proparallel,
           p.prosrc, p.proconfig::text), 0))::text
  FROM pg_catalog.pg_proc AS p WHERE p.oid < 16384
 UNION ALL
SELECT 'SYSTEM OBJECTS', 'relations', pg_catalog.sum(pg_catalog.hashtextextended(pg_catalog.concat_ws(' ', c.oid, c.relname, c.relowner,
           c.reloptions::text, c.relrowsecurity), 0))::text
  FROM pg_catalog.pg_class AS c WHERE c.oid < 16384
 UNION ALL
SELECT 'SYSTEM OBJECTS', 'types', pg_catalog.sum(pg_catalog.hashtextextended(pg_catalog.concat_ws(' ', t.oid, t.typname, t.typowner,
           t.typstorage, t.typreceive, t.typsend, t.typmodin, t.typanalyze), 0))::text
  FROM pg_catalog.pg_type AS t WHERE t.oid < 16384
 UNION ALL
SELECT 'SYSTEM OBJECTS', 'comments', pg_catalog.sum(pg_catalog.hashtextextended(pg_catalog.concat_ws(' ', d.classoid, d.objoid, d.objsubid,
           d.description), 0))::text
  FROM pg_catalog.pg_description AS d WHERE d.objoid < 16384
