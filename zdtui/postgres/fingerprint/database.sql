-- One row: what the database is, but its name and what the server notes about it by itself.
-- Server versions: 13 and later. Needs no privilege.
SELECT 'DATABASE', 'this database',
       ((pg_catalog.to_jsonb(d) - ARRAY['oid', 'datname', 'datdba', 'dattablespace', 'datfrozenxid', 'datminmxid',
                                        'datlastsysoid', 'dathasloginevt', 'datacl'])
        || pg_catalog.jsonb_build_object(
               'owner', pg_catalog.pg_get_userbyid(d.datdba),
               'tablespace', (SELECT t.spcname FROM pg_catalog.pg_tablespace AS t WHERE t.oid = d.dattablespace),
               'privileges', (SELECT pg_catalog.string_agg(a.acl::text, ' ' ORDER BY a.acl::text)
                                FROM pg_catalog.unnest(coalesce(d.datacl, pg_catalog.acldefault('d', d.datdba))) AS a(acl))))::text
  FROM pg_catalog.pg_database AS d
 WHERE d.datname = pg_catalog.current_database()
