-- One row an index that is not valid, ready and live: pg_dump leaves it out, and it costs each write or proves nothing.
-- Server versions: 13 and later. Needs no privilege.
SELECT 'INVALID INDEX', pg_catalog.format('%I.%I', n.nspname, c.relname),
       pg_catalog.format('%s (valid: %s, ready: %s, live: %s)', pg_catalog.pg_get_indexdef(i.indexrelid),
                         i.indisvalid, i.indisready, i.indislive)
  FROM pg_catalog.pg_index AS i
  JOIN pg_catalog.pg_class AS c ON c.oid = i.indexrelid
  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
 WHERE NOT (i.indisvalid AND i.indisready AND i.indislive) AND n.nspname NOT IN ('zdtui', 'zdtui_rehearsal') AND n.nspname !~ '^pg_(temp|toast_temp)'
