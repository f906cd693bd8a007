-- One row for all large objects: how many, and a hash over their owners and privileges. Their contents are data.
-- Server versions: 13 and later. Needs no privilege.
SELECT 'LARGE OBJECTS', 'all large objects',
       pg_catalog.format('%s, known by %s', pg_catalog.count(*),
           pg_catalog.sum(pg_catalog.hashtextextended(
               pg_catalog.concat_ws(' ', l.oid, pg_catalog.pg_get_userbyid(l.lomowner), l.lomacl::text), 0)))
  FROM pg_catalog.pg_largeobject_metadata AS l
