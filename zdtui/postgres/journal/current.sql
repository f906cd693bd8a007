-- One row: whether the journal's tables are there in the layout this version writes. Needs no privilege.
SELECT EXISTS (SELECT 1 FROM pg_catalog.pg_attribute
                WHERE attrelid = pg_catalog.to_regclass('zdtui.checkpoint') AND attname = 'lane' AND NOT attisdropped)
   AND EXISTS (SELECT 1 FROM pg_catalog.pg_attribute
                WHERE attrelid = pg_catalog.to_regclass('zdtui.rejected') AND attname = 'part' AND NOT attisdropped)
   AND pg_catalog.to_regclass('zdtui.event') IS NOT NULL
