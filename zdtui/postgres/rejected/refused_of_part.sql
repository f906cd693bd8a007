-- One row a row of a part that the server refused: its key. $3: the names of the plan's own rules. $4: the part.
SELECT key
  FROM zdtui.rejected
 WHERE run = $1::uuid AND step = $2::text AND reason <> ALL ($3::text[]) AND part = $4::text
