-- For the session, until it is set again: a build or a drop that runs CONCURRENTLY waits for everybody before it.
SET lock_timeout = 0;
SET statement_timeout = 0
