-- The rehearsal's journal, which nobody reads any more.
DROP SCHEMA IF EXISTS zdtui_rehearsal CASCADE
