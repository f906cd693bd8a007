-- Put a row aside. $3: its part. $4: its key. $5: the reason, as an array of one text, so that any text can be sent.
-- One row is touched, or none when it stands there for that very reason. Needs INSERT.
INSERT INTO zdtui.rejected (run, step, part, key, reason)
VALUES ($1::uuid, $2::text, $3::text, $4::jsonb, $5::jsonb ->> 0)
ON CONFLICT DO NOTHING
