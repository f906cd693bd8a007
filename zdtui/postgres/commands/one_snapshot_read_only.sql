-- Every statement of this transaction sees the same rows, and none changes any. Comes first in it.
SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY
