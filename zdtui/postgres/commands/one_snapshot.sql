-- Every statement of this transaction sees the same rows. Comes first in it.
SET TRANSACTION ISOLATION LEVEL REPEATABLE READ
