-- For the session that writes and reads the journal.
SET statement_timeout = '5s'
