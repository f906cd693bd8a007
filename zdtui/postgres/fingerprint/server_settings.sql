-- One row a setting that ALTER SYSTEM wrote.
-- Server versions: 13 and later. Needs pg_read_all_settings, as who may write any of them has.
SELECT 'SERVER SETTING', f.name, f.setting
  FROM pg_catalog.pg_file_settings AS f
 WHERE f.sourcefile ~ '/postgresql[.]auto[.]conf$' AND f.name IS NOT NULL
