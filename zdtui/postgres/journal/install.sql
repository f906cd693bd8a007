-- The journal of zdtui: one schema, made on the operator's first confirmation in a database and never altered by a run.
-- Needs: CREATE on the database. Server versions: 13 and later. Run inside one transaction.
CREATE SCHEMA IF NOT EXISTS zdtui;
COMMENT ON SCHEMA zdtui IS 'journal of zdtui, layout 1: what was run here, by whom and with what result';

-- One row is one event of a run. Append-only: no row is ever updated or deleted.
CREATE TABLE IF NOT EXISTS zdtui.event (
    run       uuid        NOT NULL,
    sequence  bigint      NOT NULL, -- 1, 2, 3 ... within the run; a gap is an event whose transaction was rolled back
    at        timestamptz NOT NULL, -- by the clock of the console that wrote it
    operator  text        NOT NULL, -- OS user@host and database role
    kind      text        NOT NULL, -- 'step started', 'step succeeded' ...
    step      text,                 -- id of the step it is about, if any
    payload   jsonb       NOT NULL,
    PRIMARY KEY (run, sequence)
);

-- One row is where a backfill or copy stands. Written in the same transaction as the rows of its batch.
CREATE TABLE IF NOT EXISTS zdtui.checkpoint (
    run      uuid        NOT NULL,
    step     text        NOT NULL,
    position jsonb,                 -- key of the last row that is done, as text values in key order; null before the first
    upto     jsonb,                 -- key of the last row to do, fixed when the step began; null for an empty table
    batches  bigint      NOT NULL,
    rows     bigint      NOT NULL,  -- rows changed, exact
    rejected bigint      NOT NULL,
    at       timestamptz NOT NULL,
    PRIMARY KEY (run, step)
) WITH (fillfactor = 50);

-- One row is a source row that a copy did not take, and the rule it failed.
CREATE TABLE IF NOT EXISTS zdtui.rejected (
    run    uuid        NOT NULL,
    step   text        NOT NULL,
    key    jsonb       NOT NULL,    -- key of the source row, as text values in key order
    reason text        NOT NULL,
    at     timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (run, step, key, reason)
);
