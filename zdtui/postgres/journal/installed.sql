-- One row: whether the journal's tables are there. Needs no privilege.
SELECT pg_catalog.to_regclass('zdtui.event') IS NOT NULL
   AND pg_catalog.to_regclass('zdtui.checkpoint') IS NOT NULL
   AND pg_catalog.to_regclass('zdtui.rejected') IS NOT NULL
