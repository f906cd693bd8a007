-- One row a setting list of a role, of this database, or of a role in this database.
-- Server versions: 13 and later. Needs no privilege.
SELECT 'SETTINGS',
       pg_catalog.concat_ws(' in ', CASE WHEN s.setrole <> 0 THEN 'role ' || pg_catalog.pg_get_userbyid(s.setrole)::text END,
                            CASE WHEN s.setdatabase <> 0 THEN 'this database' END),
       (SELECT pg_catalog.string_agg(c.setting, E'\n' ORDER BY c.setting) FROM pg_catalog.unnest(s.setconfig) AS c(setting))
  FROM pg_catalog.pg_db_role_setting AS s
 WHERE s.setdatabase IN (0, (SELECT d.oid FROM pg_catalog.pg_database AS d WHERE d.datname = pg_catalog.current_database()))
