-- One row a row that stands aside, whatever for: its part and key, by part, then as they came.
SELECT part, key
  FROM zdtui.rejected
 WHERE run = $1::uuid AND step = $2::text
 GROUP BY part, key
 ORDER BY part, pg_catalog.min(at), pg_catalog.length(key::text), key
