-- Take back every row of a part that is gone. $3: the part. Needs DELETE.
DELETE FROM zdtui.rejected
 WHERE run = $1::uuid AND step = $2::text AND part = $3::text
