-- For the session, until it is set again: VACUUM cannot be in a transaction, and takes as long as it takes.
SET statement_timeout = 0
