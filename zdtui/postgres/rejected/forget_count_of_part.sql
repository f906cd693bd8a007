-- The checkpoint of a part that is gone counts none of its rows as rejected any more. $3: the part. Needs UPDATE.
UPDATE zdtui.checkpoint
   SET rejected = 0
 WHERE run = $1::uuid AND step = $2::text AND part = $3::text
