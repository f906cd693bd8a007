-- One row: whether rows of the relation may be locked in a SELECT by this role, so that nobody changes them meanwhile.
-- $1: the relation as SQL writes it. Server versions: 13 and later. Needs no privilege.
SELECT c.relkind IN ('r', 'p') AND pg_catalog.has_table_privilege(c.oid, 'UPDATE')
  FROM pg_catalog.pg_class AS c
 WHERE c.oid = pg_catalog.to_regclass($1::text)
