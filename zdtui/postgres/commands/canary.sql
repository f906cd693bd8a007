-- A small write that has to reach the disk like any other, and changes no table. Nobody decodes a message of this prefix.
SELECT pg_catalog.pg_logical_emit_message(true, 'zdtui', 'canary')
