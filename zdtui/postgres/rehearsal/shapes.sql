-- One row a column of a table that is to be filled (a part of another is filled through it): what may stand there.
-- `base`: its type, of a domain the one below; `element`: of an array; `most`: how long or large it may be, null: any.
-- `checked`: texts that a CHECK names; `bounds`: of the table's parts, where it has any and the key is this column.
-- PostgreSQL 13 and later. Needs no privilege.
SELECT n.nspname::text AS schema, c.relname::text AS name, a.attname::text AS column_name,
       pg_catalog.format_type(a.atttypid, a.atttypmod) AS type,
       coalesce(nullif(pg_catalog.format_type(t.typbasetype, NULL), '-'), pg_catalog.format_type(a.atttypid, NULL)) AS base,
       CASE WHEN t.typelem <> 0 AND t.typlen = -1 THEN pg_catalog.format_type(t.typelem, NULL) END AS element,
       CASE WHEN m.mod < 4 THEN NULL
            WHEN coalesce(nullif(t.typbasetype, 0), t.oid) IN ('varchar'::regtype, 'bpchar'::regtype) THEN m.mod - 4
            WHEN coalesce(nullif(t.typbasetype, 0), t.oid) = 'numeric'::regtype
                THEN ((m.mod - 4) >> 16) - ((m.mod - 4) & 2047) END AS most,
       a.attnotnull OR t.typnotnull AS required, a.attgenerated <> '' AS computed,
       pg_catalog.pg_get_serial_sequence(pg_catalog.format('%I.%I', n.nspname, c.relname), a.attname) AS sequence,
       ARRAY(SELECT e.enumlabel::text FROM pg_catalog.pg_enum AS e
              WHERE e.enumtypid = coalesce(nullif(t.typbasetype, 0), t.oid) ORDER BY e.enumsortorder) AS labels,
       ARRAY(SELECT DISTINCT pg_catalog.replace(found[1], '''''', '''')
               FROM pg_catalog.pg_constraint AS k
              CROSS JOIN LATERAL pg_catalog.regexp_matches(pg_catalog.pg_get_constraintdef(k.oid),
                                                           '''((?:[^'']|'''')*)''::', 'g') AS found
              WHERE k.conrelid = c.oid AND k.contype = 'c' AND k.conkey = ARRAY[a.attnum]
                AND pg_catalog.pg_get_constraintdef(k.oid) ~ '= (ANY|'')') AS checked,
       EXISTS (SELECT FROM pg_catalog.pg_constraint AS k
                WHERE k.conrelid = c.oid AND k.contype = 'c' AND a.attnum = ANY (k.conkey)) AS has_check,
       ARRAY(SELECT pg_catalog.jsonb_build_array(pg_catalog.format('%I.%I', pn.nspname, p.relname),
                                                 pg_catalog.pg_get_expr(p.relpartbound, p.oid))
               FROM pg_catalog.pg_partitioned_table AS pt
               JOIN pg_catalog.pg_inherits AS i ON i.inhparent = pt.partrelid
               JOIN pg_catalog.pg_class AS p ON p.oid = i.inhrelid AND p.relkind = 'r'
               JOIN pg_catalog.pg_namespace AS pn ON pn.oid = p.relnamespace
              WHERE pt.partrelid = c.oid AND pt.partnatts = 1 AND pt.partattrs[0] = a.attnum
              ORDER BY p.relname) AS bounds
  FROM pg_catalog.pg_class AS c
  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
  JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  JOIN pg_catalog.pg_type AS t ON t.oid = a.atttypid
 CROSS JOIN LATERAL (SELECT CASE WHEN t.typtype = 'd' THEN t.typtypmod ELSE a.atttypmod END AS mod) AS m
 WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition
   AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast') AND n.nspname !~ '^pg_(temp|toast_temp)_'
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend AS x
                    WHERE x.classid = 'pg_class'::regclass AND x.objid = c.oid AND x.deptype = 'e')
 ORDER BY n.nspname, c.relname, a.attnum
