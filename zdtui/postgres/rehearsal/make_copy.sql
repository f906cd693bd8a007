-- One row: the statement that makes an empty database with the encoding and the locale of this one.
-- $1: its name (text). PostgreSQL 13 and later. Running it needs CREATEDB.
SELECT pg_catalog.format('CREATE DATABASE %I TEMPLATE template0 ENCODING %L LC_COLLATE %L LC_CTYPE %L',
                         $1::text, pg_catalog.pg_encoding_to_char(d.encoding), d.datcollate, d.datctype)
       || CASE j.row ->> 'datlocprovider'
            WHEN 'i' THEN pg_catalog.format(' LOCALE_PROVIDER icu ICU_LOCALE %L',
                                            coalesce(j.row ->> 'datlocale', j.row ->> 'daticulocale'))
            WHEN 'b' THEN pg_catalog.format(' LOCALE_PROVIDER builtin BUILTIN_LOCALE %L', j.row ->> 'datlocale')
            WHEN 'c' THEN ' LOCALE_PROVIDER libc'
            ELSE '' END AS statement
  FROM pg_catalog.pg_database AS d
 CROSS JOIN LATERAL (SELECT pg_catalog.to_jsonb(d) AS row) AS j
 WHERE d.datname = pg_catalog.current_database()
