-- One row a parameter of the server on which somebody was granted something.
-- Server versions: 15 and later. Needs no privilege.
SELECT 'PARAMETER ACL', p.parname,
       (SELECT pg_catalog.string_agg(a.acl::text, E'\n' ORDER BY a.acl::text) FROM pg_catalog.unnest(p.paracl) AS a(acl))
  FROM pg_catalog.pg_parameter_acl AS p
