-- Take a row back, whatever it stood aside for. $3: the names its part is kept under. $4: its key. Needs DELETE.
DELETE FROM zdtui.rejected
 WHERE run = $1::uuid AND step = $2::text AND part = ANY ($3::text[]) AND key = $4::jsonb
