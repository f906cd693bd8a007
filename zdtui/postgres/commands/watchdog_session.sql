-- For the session that looks who waits: it asks short questions, which compiling would make longer.
SET statement_timeout = '2s';
SET jit = off
