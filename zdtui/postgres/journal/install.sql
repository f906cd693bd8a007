-- The journal of zdtui: one schema, made on the operator's first confirmation in a database and never altered by a run.
-- Needs: CREATE on the database. Server versions: 13 and later. Run inside one transaction.
CREATE SCHEMA IF NOT EXISTS zdtui;
COMMENT ON SCHEMA zdtui IS 'journal of zdtui, layout 3: what was run here, by whom and with what result';

-- One row: the number of the layout. A zdtui that does not know it reads and writes nothing here.
CREATE TABLE IF NOT EXISTS zdtui.layout (number integer NOT NULL);

-- One row is one event of a run. Append-only: no row is ever updated or deleted.
CREATE TABLE IF NOT EXISTS zdtui.event (
    run       uuid        NOT NULL,
    sequence  bigint      NOT NULL, -- 1, 2, 3 ... within the run; without gaps since layout 3
    at        timestamptz NOT NULL, -- by the clock of the console that wrote it
    operator  text        NOT NULL, -- OS user@host and database role
    kind      text        NOT NULL, -- 'step started', 'step succeeded' ...
    step      text,                 -- id of the step it is about, if any
    payload   jsonb       NOT NULL,
    digest    bytea,                -- SHA-256 over the digest before it and the event; null: from before layout 3
    PRIMARY KEY (run, sequence)
);

-- One row a run: its newest event. Moved in the statement that writes the event, and only from where the writer saw it.
CREATE TABLE IF NOT EXISTS zdtui.head (
    run            uuid        PRIMARY KEY,
    plan_name      text        NOT NULL,
    opened         timestamptz NOT NULL,
    sequence       bigint      NOT NULL,
    digest         bytea       NOT NULL,
    covered        bigint      NOT NULL, -- events up to this one are covered by the next column together
    covered_digest bytea       NOT NULL
) WITH (fillfactor = 50);

-- One row is where a lane of a backfill, copy or comparison stands: a stretch of one table that one session walks.
-- Written in the same transaction as the rows of its batch.
CREATE TABLE IF NOT EXISTS zdtui.checkpoint (
    run      uuid        NOT NULL,
    step     text        NOT NULL,
    lane     integer     NOT NULL DEFAULT 0,  -- 0, 1, 2 ... in the order they are walked
    part     text        NOT NULL DEFAULT '', -- the table or partition; empty: the step's own table
    way      text        NOT NULL DEFAULT 'by key', -- 'by key', 'by page', 'sweep by key', 'sweep by page'
    position jsonb,                 -- last key that is done, as text values in key order, or first page that is not; null: nothing is
    upto     jsonb,                 -- last key to do, or first page not to do, fixed when the step began; null: nothing to do
    batches  bigint      NOT NULL,
    rows     bigint      NOT NULL,  -- rows changed, exact
    rejected bigint      NOT NULL,
    at       timestamptz NOT NULL,
    PRIMARY KEY (run, step, lane)
) WITH (fillfactor = 50);

-- One row is a row that a backfill or copy did not take, and the rule it failed or the server's error.
CREATE TABLE IF NOT EXISTS zdtui.rejected (
    run    uuid        NOT NULL,
    step   text        NOT NULL,
    part   text        NOT NULL DEFAULT '', -- as in zdtui.checkpoint
    key    jsonb       NOT NULL,    -- key of the source row, as text values in key order; its ctid where there is no key
    reason text        NOT NULL,
    at     timestamptz NOT NULL DEFAULT pg_catalog.now(),
    PRIMARY KEY (run, step, part, key, reason)
);

-- Layout 1 had one lane to a step, and no partitions.
DO $upgrade$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM pg_catalog.pg_attribute
                    WHERE attrelid = 'zdtui.checkpoint'::regclass AND attname = 'lane' AND NOT attisdropped) THEN
        ALTER TABLE zdtui.checkpoint
            ADD COLUMN lane integer NOT NULL DEFAULT 0,
            ADD COLUMN part text NOT NULL DEFAULT '',
            ADD COLUMN way text NOT NULL DEFAULT 'by key',
            DROP CONSTRAINT checkpoint_pkey,
            ADD PRIMARY KEY (run, step, lane);
        ALTER TABLE zdtui.rejected
            ADD COLUMN part text NOT NULL DEFAULT '',
            DROP CONSTRAINT rejected_pkey,
            ADD PRIMARY KEY (run, step, part, key, reason);
    END IF;
END
$upgrade$;

-- Layouts 1 and 2 had no digests; what they hold is covered by the first one of each run, when it is next opened.
ALTER TABLE zdtui.event ADD COLUMN IF NOT EXISTS digest bytea;
INSERT INTO zdtui.layout (number) SELECT 3 WHERE NOT EXISTS (SELECT FROM zdtui.layout);
UPDATE zdtui.layout SET number = 3 WHERE number < 3;
