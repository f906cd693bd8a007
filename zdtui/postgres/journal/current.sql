-- One row: whether the journal's tables are there in the layout this version writes. Needs no privilege.
SELECT pg_catalog.to_regclass('zdtui.event') IS NOT NULL
   AND pg_catalog.to_regclass('zdtui.checkpoint') IS NOT NULL
   AND pg_catalog.to_regclass('zdtui.rejected') IS NOT NULL
   AND pg_catalog.to_regclass('zdtui.layout') IS NOT NULL
   AND pg_catalog.to_regclass('zdtui.head') IS NOT NULL
