-- Nothing in this transaction changes anything. Comes first in it.
SET TRANSACTION READ ONLY
