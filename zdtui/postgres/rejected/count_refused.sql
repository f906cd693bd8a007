-- One row: how many rows of the step the server refused. $3: the names of the plan's own rules, which are not counted.
SELECT pg_catalog.count(*)
  FROM zdtui.rejected
 WHERE run = $1::uuid AND step = $2::text AND reason <> ALL ($3::text[])
