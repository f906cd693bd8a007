-- One row a role that has sessions now which this role may neither cancel nor terminate, and why, in a clause.
-- A superuser's are a superuser's to end; those of anybody else take membership, or pg_signal_backend. The services' own
-- roles are named because nobody but the service is a superuser there. PostgreSQL 13 and later. Needs no privilege.
SELECT r.rolname::text AS role,
       CASE WHEN r.rolname::text = ANY (ARRAY['rdsadmin', 'rdsrepladmin', 'rdsproxyadmin', 'cloudsqladmin', 'cloudsqlagent',
                                              'cloudsqlreplica', 'cloudsqlimportexport', 'alloydbadmin', 'azuresu',
                                              'azure_superuser', 'cloud_admin', 'supabase_admin'])
                 THEN 'it is ' || r.rolname::text || '''s, a role of the service itself'
            WHEN r.rolsuper THEN 'it belongs to the superuser ' || r.rolname::text
            ELSE 'it is ' || r.rolname::text || '''s, and ' || current_user::text || ' is no member of pg_signal_backend' END AS why
  FROM pg_catalog.pg_roles AS r
 WHERE pg_catalog.current_setting('is_superuser') = 'off'
   AND r.oid IN (SELECT a.usesysid FROM pg_catalog.pg_stat_activity AS a WHERE a.usesysid IS NOT NULL)
   AND (r.rolsuper
        OR r.rolname::text = ANY (ARRAY['rdsadmin', 'rdsrepladmin', 'rdsproxyadmin', 'cloudsqladmin', 'cloudsqlagent',
                                        'cloudsqlreplica', 'cloudsqlimportexport', 'alloydbadmin', 'azuresu',
                                        'azure_superuser', 'cloud_admin', 'supabase_admin'])
        OR NOT (pg_catalog.pg_has_role(r.oid, 'USAGE') OR pg_catalog.pg_has_role('pg_signal_backend', 'USAGE')))
 ORDER BY 1
