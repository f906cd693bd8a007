-- Starts a backfill or copy: nothing is done, and what is to do ends at `upto`.
INSERT INTO zdtui.checkpoint (run, step, position, upto, batches, rows, rejected, at)
VALUES (%(run)s, %(step)s, NULL, %(upto)s, 0, 0, 0, pg_catalog.now())
