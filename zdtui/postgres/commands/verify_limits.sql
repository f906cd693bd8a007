-- For this transaction: after a crash a verify query is asked to learn what happened, and must not keep anybody waiting.
SET TRANSACTION READ ONLY;
SET LOCAL statement_timeout = '10s'
