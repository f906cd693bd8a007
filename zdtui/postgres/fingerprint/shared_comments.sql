-- One row a comment or security label of a role, a tablespace or this database.
-- Server versions: 13 and later. Needs no privilege.
WITH said(what, classoid, objoid, text) AS (
    SELECT 'COMMENT', d.classoid, d.objoid, d.description FROM pg_catalog.pg_shdescription AS d
     UNION ALL
    SELECT 'SECURITY LABEL by ' || l.provider, l.classoid, l.objoid, l.label FROM pg_catalog.pg_shseclabel AS l
)
SELECT s.what,
       CASE WHEN s.classoid = 'pg_catalog.pg_database'::regclass THEN 'this database'
            ELSE pg_catalog.pg_describe_object(s.classoid, s.objoid, 0) END,
       s.text
  FROM said AS s
 WHERE s.classoid <> 'pg_catalog.pg_database'::regclass
    OR s.objoid = (SELECT b.oid FROM pg_catalog.pg_database AS b WHERE b.datname = pg_catalog.current_database())
