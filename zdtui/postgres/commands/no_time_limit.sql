-- For this transaction: it reads a whole table, and takes as long as that takes.
SET LOCAL statement_timeout = 0
