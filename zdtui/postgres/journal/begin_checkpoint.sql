-- Starts a lane of a backfill, copy or comparison: nothing of it is done, and what is to do ends at `upto`.
INSERT INTO zdtui.checkpoint (run, step, lane, part, way, position, upto, batches, rows, rejected, at)
VALUES (%(run)s, %(step)s, %(lane)s, %(part)s, %(way)s, %(position)s, %(upto)s, 0, 0, 0, pg_catalog.now())
