-- No row that matters: until the transaction is over, nobody else takes the run. It comes before the question who holds the
-- run, so that whoever takes it afterwards has waited for this batch, or is seen by it. `batch`: its key (bigint).
SELECT pg_catalog.pg_advisory_xact_lock_shared(%(batch)s::bigint)
