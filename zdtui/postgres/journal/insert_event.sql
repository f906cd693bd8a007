-- Adds one event. Touches no row when its place is taken: by the same event, whose answer was lost on the way
-- (see same_event.sql), or by another console that writes to this run.
INSERT INTO zdtui.event (run, sequence, at, operator, kind, step, payload)
VALUES (%(run)s, %(sequence)s, %(at)s, %(operator)s, %(kind)s, %(step)s, %(payload)s)
ON CONFLICT (run, sequence) DO NOTHING
