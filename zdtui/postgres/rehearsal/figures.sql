-- One row: bytes of WAL since the beginning of time, bytes that the database has written to temporary files, and its
-- size. PostgreSQL 13 and later. Needs no privilege but CONNECT.
SELECT (pg_catalog.pg_current_wal_insert_lsn() - '0/0'::pg_catalog.pg_lsn)::bigint AS wal_bytes,
       pg_catalog.pg_stat_get_db_temp_bytes(d.oid) AS temporary_bytes,
       pg_catalog.pg_database_size(d.oid) AS size
  FROM pg_catalog.pg_database AS d
 WHERE d.datname = pg_catalog.current_database()
