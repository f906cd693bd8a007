-- One row a tablespace.
-- Server versions: 13 and later. Needs no privilege.
SELECT 'TABLESPACE', t.spcname::text,
       pg_catalog.concat_ws(' ', 'owner ' || pg_catalog.pg_get_userbyid(t.spcowner)::text, t.spcoptions::text,
           (SELECT pg_catalog.string_agg(a.acl::text, ' ' ORDER BY a.acl::text) FROM pg_catalog.unnest(t.spcacl) AS a(acl)))
  FROM pg_catalog.pg_tablespace AS t
