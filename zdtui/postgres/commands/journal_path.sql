-- For this transaction: names are looked up in pg_catalog alone.
SET LOCAL search_path = pg_catalog, pg_temp
