-- For the transaction that makes the journal: nobody is kept waiting for longer.
SET LOCAL lock_timeout = '2s'
