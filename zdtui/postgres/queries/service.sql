-- One row: by what a managed service gives itself away. `roles`: the service's own roles that exist here. `aurora`: there is
-- a function aurora_version(). PostgreSQL 13 and later. Needs no privilege.
SELECT pg_catalog.version() AS version,
       EXISTS (SELECT FROM pg_catalog.pg_proc AS p WHERE p.proname = 'aurora_version' AND p.pronargs = 0) AS aurora,
       ARRAY(SELECT r.rolname::text FROM pg_catalog.pg_roles AS r
              WHERE r.rolname::text = ANY (ARRAY['rds_superuser', 'rdsadmin', 'cloudsqlsuperuser', 'cloudsqladmin',
                                                 'alloydbsuperuser', 'alloydbadmin', 'azure_pg_admin', 'azuresu',
                                                 'neon_superuser', 'cloud_admin', 'supabase_admin'])
              ORDER BY 1) AS roles
