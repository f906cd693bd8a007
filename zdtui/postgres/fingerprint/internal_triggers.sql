-- One row a trigger of a constraint that is not in its usual state: ALTER TABLE ... DISABLE TRIGGER ALL switches foreign
-- keys off, and pg_dump does not write it. The trigger is known by its constraint and function.
-- Server versions: 13 and later. Needs no privilege.
SELECT 'CONSTRAINT TRIGGER', pg_catalog.format('%s on %I.%I: %s', k.conname, n.nspname, c.relname, g.tgfoid::regproc),
       CASE g.tgenabled WHEN 'D' THEN 'disabled' WHEN 'R' THEN 'in replicas only' ELSE 'always' END
  FROM pg_catalog.pg_trigger AS g
  JOIN pg_catalog.pg_class AS c ON c.oid = g.tgrelid
  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
  LEFT JOIN pg_catalog.pg_constraint AS k ON k.oid = g.tgconstraint
 WHERE g.tgisinternal AND g.tgenabled <> 'O' AND n.nspname NOT IN ('zdtui', 'zdtui_rehearsal')
