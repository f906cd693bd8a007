-- One row a name: its place in $1, and the relation it names with its schema, as SQL writes it; as it was where there is none.
-- Runs under the author's search_path: everything in it is named with its schema, so that nobody else's is used.
-- $1: names as the author wrote them (text[]). PostgreSQL 13 and later. Needs no privilege.
SELECT n.place::pg_catalog.int4,
       CASE WHEN c.oid IS NULL THEN n.written ELSE pg_catalog.format('%I.%I', s.nspname, c.relname) END
  FROM pg_catalog.unnest($1::pg_catalog.text[]) WITH ORDINALITY AS n(written, place)
  LEFT JOIN pg_catalog.pg_class AS c
    ON c.oid OPERATOR(pg_catalog.=) pg_catalog.to_regclass(n.written)::pg_catalog.oid
  LEFT JOIN pg_catalog.pg_namespace AS s ON s.oid OPERATOR(pg_catalog.=) c.relnamespace
