-- One row: whether a rehearsal has left its journal. PostgreSQL 13 and later. Needs no privilege.
SELECT pg_catalog.to_regnamespace('zdtui_rehearsal') IS NOT NULL AS there
