-- One row a role: what it may, and one a membership. Passwords are no schema, and most roles may not read them.
-- Server versions: 13 and later. Needs no privilege.
SELECT 'ROLE', r.rolname::text,
       (pg_catalog.to_jsonb(r) - ARRAY['oid', 'rolname', 'rolpassword', 'rolconfig'])::text
  FROM pg_catalog.pg_roles AS r
 WHERE r.oid >= 16384 OR r.rolname !~ '^pg_'
 UNION ALL
SELECT 'ROLE MEMBERSHIP', pg_catalog.format('%s in %s by %s', pg_catalog.pg_get_userbyid(m.member), pg_catalog.pg_get_userbyid(m.roleid),
                                            pg_catalog.pg_get_userbyid(m.grantor)),
       (pg_catalog.to_jsonb(m) - ARRAY['oid', 'roleid', 'member', 'grantor'])::text
  FROM pg_catalog.pg_auth_members AS m
