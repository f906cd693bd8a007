CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE TYPE place AS (x int, y int);
CREATE DOMAIN positive AS int CHECK (VALUE > 0);
CREATE SEQUENCE numbers;
CREATE TABLE org (id bigint PRIMARY KEY, name text NOT NULL);
CREATE TABLE users (id bigint PRIMARY KEY, name text, email varchar(50), code char(3), age int, price numeric(10, 2),
  at timestamp, mood mood, org_id bigint, flags bit varying(3));
CREATE INDEX users_name_idx ON users (name);
CREATE INDEX users_name_age ON users (name, age);
CREATE UNIQUE INDEX users_email_key ON users (email);
CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint NOT NULL CONSTRAINT orders_user REFERENCES users,
  total int, state text, org_id bigint CONSTRAINT orders_org REFERENCES org);
CREATE INDEX orders_user_idx ON orders (user_id);
CREATE INDEX orders_org_idx ON orders (org_id);
CREATE TABLE people (id bigint NOT NULL, age int);
CREATE TABLE bookings (id bigint PRIMARY KEY, room int NOT NULL, during tstzrange NOT NULL);
CREATE TABLE v (id bigint PRIMARY KEY, a int);
CREATE VIEW user_names AS SELECT id, name FROM users;
CREATE MATERIALIZED VIEW totals AS SELECT user_id, sum(total) AS total FROM orders GROUP BY user_id;
CREATE UNIQUE INDEX totals_key ON totals (user_id);
CREATE TABLE m (at date NOT NULL, v int) PARTITION BY RANGE (at);
CREATE TABLE m_0 PARTITION OF m FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE TABLE m_1 (at date NOT NULL, v int);
CREATE TABLE d (at date NOT NULL, v int) PARTITION BY RANGE (at);
CREATE TABLE d_0 PARTITION OF d DEFAULT;
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER touch BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION f();
