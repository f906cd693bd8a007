-- For the transaction in which catalogs and counters are read: it changes nothing, and waits for no lock for long.
SET TRANSACTION READ ONLY; SET LOCAL lock_timeout = '2s'; SET LOCAL statement_timeout = '60s'
