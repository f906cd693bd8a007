-- Take back the rows whose place is from $4 on and before $5. $3: the names their part is kept under. Needs DELETE.
DELETE FROM zdtui.rejected
 WHERE run = $1::uuid AND step = $2::text AND part = ANY ($3::text[])
   AND (key ->> 0)::tid >= $4::tid AND (key ->> 0)::tid < $5::tid
