-- The schema every statement of the corpus runs on: a small shop, with something of everything.
CREATE ROLE corpus_reader NOLOGIN;
CREATE EXTENSION IF NOT EXISTS plpgsql;
CREATE SCHEMA attic;
CREATE TYPE mood AS ENUM ('sad', 'fine');
CREATE TYPE pair AS (a int, b int);
CREATE DOMAIN positive AS int CHECK (VALUE > 0);
CREATE DOMAIN label AS varchar(20);
CREATE SEQUENCE ticket;
CREATE SEQUENCE lone_ticket;

CREATE TABLE org (id int PRIMARY KEY, name text NOT NULL);
CREATE TABLE users (
    id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    org_id int NOT NULL REFERENCES org,
    email varchar(100) NOT NULL,
    name text,
    age int,
    small smallint,
    score numeric(10, 2),
    created timestamp NOT NULL DEFAULT now(),
    seen timestamptz,
    mood mood,
    flags bit(8),
    address inet,
    net cidr,
    code char(4),
    tags text[],
    doc jsonb,
    amount positive,
    note label,
    doubled int GENERATED ALWAYS AS (age * 2) STORED
);
CREATE UNIQUE INDEX users_email_key ON users (email);
CREATE INDEX users_name_idx ON users (name);
CREATE INDEX users_age_idx ON users (age) WHERE age > 0;
CREATE UNIQUE INDEX users_code_uq ON users (code);
ALTER TABLE users ADD CONSTRAINT users_age_check CHECK (age >= 0);
ALTER TABLE users ADD CONSTRAINT users_score_check CHECK (score >= 0) NOT VALID;
ALTER TABLE users ADD CONSTRAINT users_seen_nn CHECK (seen IS NOT NULL);

CREATE TABLE orders (
    id bigint PRIMARY KEY DEFAULT nextval('ticket'),
    user_id int NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    org_id int,
    total int NOT NULL DEFAULT 0,
    state text NOT NULL DEFAULT 'new',
    placed timestamptz NOT NULL DEFAULT now(),
    ref uuid
);
ALTER SEQUENCE ticket OWNED BY orders.id;
CREATE INDEX orders_user_idx ON orders (user_id);
CREATE UNIQUE INDEX orders_ref_uq ON orders (ref);
CREATE INDEX orders_state_idx ON orders (state);
ALTER TABLE orders ADD CONSTRAINT orders_org_fk FOREIGN KEY (org_id) REFERENCES org NOT VALID;
ALTER TABLE orders ADD CONSTRAINT orders_total_check CHECK (total >= 0) NOT VALID;

CREATE TABLE items (order_id bigint REFERENCES orders, line int, sku text, PRIMARY KEY (order_id, line));
CREATE TABLE self_ref (id int PRIMARY KEY, parent int REFERENCES self_ref);
CREATE TABLE lone (id int, v text, w int);
CREATE TABLE staged (id int NOT NULL, at date NOT NULL, v int);
CREATE TABLE checked (id int NOT NULL, at date NOT NULL, v int,
    CHECK (at >= '2026-03-01' AND at < '2026-04-01'));
CREATE UNLOGGED TABLE scratchpad (id int PRIMARY KEY, v text);

CREATE TABLE measure (id int NOT NULL, at date NOT NULL, v int) PARTITION BY RANGE (at);
CREATE TABLE measure_1 PARTITION OF measure FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');
CREATE TABLE measure_2 PARTITION OF measure FOR VALUES FROM ('2026-02-01') TO ('2026-03-01');
CREATE INDEX measure_v_idx ON measure (v);
CREATE TABLE ledger (id int NOT NULL, k int NOT NULL, v int, PRIMARY KEY (id, k)) PARTITION BY LIST (k);
CREATE TABLE ledger_1 PARTITION OF ledger FOR VALUES IN (1);
CREATE TABLE ledger_rest PARTITION OF ledger DEFAULT;
CREATE TABLE entry (id int, k int, FOREIGN KEY (id, k) REFERENCES ledger);

CREATE TABLE animal (id int, legs int CHECK (legs >= 0));
CREATE TABLE dog (tail boolean) INHERITS (animal);
CREATE TABLE cat (id int, legs int CONSTRAINT animal_legs_check CHECK (legs >= 0), lives int);

CREATE VIEW tagged AS SELECT id, tags FROM users WHERE tags IS NOT NULL;
CREATE VIEW simple AS SELECT id FROM lone;
CREATE MATERIALIZED VIEW totals AS SELECT user_id, count(*) AS total FROM orders GROUP BY user_id;
CREATE UNIQUE INDEX totals_user_uq ON totals (user_id);
CREATE MATERIALIZED VIEW plain_totals AS SELECT count(*) AS n FROM orders;

CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE FUNCTION one() RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1';
CREATE PROCEDURE nothing() LANGUAGE plpgsql AS $$ BEGIN END $$;
CREATE TRIGGER users_touch BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION touch();
CREATE RULE lone_log AS ON UPDATE TO lone DO ALSO NOTHING;
CREATE POLICY mine ON users USING (true);
CREATE STATISTICS users_stats ON age, small FROM users;
CREATE PUBLICATION changes FOR TABLE users, orders;
CREATE PUBLICATION everything FOR ALL TABLES WITH (publish = 'insert');
COMMENT ON TABLE users IS 'people';

INSERT INTO org SELECT g, 'org ' || g FROM generate_series(1, 9) g;
INSERT INTO users (org_id, email, name, age, small, score, seen, code)
    SELECT g % 3 + 1, 'u' || g || '@x', 'n' || g, g, g, g, now(), 'c' || g FROM generate_series(1, 20) g;
INSERT INTO orders (user_id, org_id, ref) SELECT g, 1, md5(g::text)::uuid FROM generate_series(1, 20) g;
INSERT INTO items SELECT id, 1, 'sku' FROM orders;
INSERT INTO self_ref VALUES (1, NULL), (2, 1);
INSERT INTO lone SELECT g, 'v', g % 3 + 1 FROM generate_series(1, 9) g;
INSERT INTO staged SELECT g, '2026-03-05', g FROM generate_series(1, 5) g;
INSERT INTO checked SELECT g, '2026-03-05', g FROM generate_series(1, 5) g;
INSERT INTO measure SELECT g, '2026-01-05', g FROM generate_series(1, 5) g;
INSERT INTO measure SELECT g, '2026-02-05', g FROM generate_series(1, 5) g;
INSERT INTO ledger SELECT g, g % 3 + 1, g FROM generate_series(1, 9) g;
INSERT INTO animal VALUES (1, 4);
INSERT INTO dog VALUES (2, 4, true);
INSERT INTO cat VALUES (3, 4, 9);
INSERT INTO scratchpad VALUES (1, 'v');
REFRESH MATERIALIZED VIEW totals;
REFRESH MATERIALIZED VIEW plain_totals;
