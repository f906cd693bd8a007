-- For a session that asks what the author wrote: it changes nothing.
SET default_transaction_read_only = on
