-- One row a part of the catalog: its name, and a hash over what people have made, by names and not by numbers. One journey.
-- {body}: what shows a function's body that is no string, {compression}: how a column is compressed; each NULL before 14.
-- Server versions: 13 and later. Needs no privilege.
WITH ours AS MATERIALIZED (
    SELECT n.oid, n.nspname, n.nspowner, n.nspacl
      FROM pg_catalog.pg_namespace AS n
     WHERE n.nspname NOT IN ('pg_catalog', 'information_schema', 'zdtui', 'zdtui_rehearsal') AND n.nspname !~ '^pg_(temp|toast)'
), relations AS MATERIALIZED (
    SELECT c.*, n.nspname
      FROM pg_catalog.pg_class AS c JOIN ours AS n ON n.oid = c.relnamespace
), said(part, hash) AS (
    SELECT 'schemas', pg_catalog.hashtextextended(pg_catalog.concat_ws('|', n.nspname, n.nspowner, n.nspacl::text), 0) FROM ours AS n
     UNION ALL
    SELECT 'relations', pg_catalog.hashtextextended(pg_catalog.concat_ws('|', c.nspname, c.relname, c.relkind, c.relowner, c.relpersistence,
               c.reltablespace, c.relam, c.relrowsecurity, c.relforcerowsecurity, c.relispopulated, c.relreplident, c.relispartition,
               c.reloptions::text, c.relacl::text, pg_catalog.pg_get_expr(c.relpartbound, c.oid)), 0)
      FROM relations AS c
     UNION ALL
    SELECT 'columns', pg_catalog.hashtextextended(pg_catalog.concat_ws('|', c.nspname, c.relname, a.attname, a.atttypid::regtype, a.atttypmod,
               a.attnotnull, a.attidentity, a.attgenerated, a.attislocal, a.attinhcount, a.attcollation::regcollation, a.attstorage,
               {compression}, a.attstattarget, a.attoptions::text, a.attfdwoptions::text, a.attacl::text,
               pg_catalog.pg_get_expr(d.adbin, d.adrelid),
               pg_catalog.row_number() OVER (PARTITION BY a.attrelid ORDER BY a.attnum)), 0)
      FROM relations AS c
      JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
      LEFT JOIN pg_catalog.pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
     UNION ALL
    SELECT 'indexes', pg_catalog.hashtextextended(pg_catalog.concat_ws('|', c.nspname, c.relname, pg_catalog.pg_get_indexdef(i.indexrelid),
               i.indisvalid, i.indisready, i.indislive, i.indisprimary, i.indisclustered, i.indisreplident, i.indimmediate), 0)
      FROM pg_catalog.pg_index AS i JOIN relations AS c ON c.oid = i.indexrelid
     UNION ALL
    SELECT 'constraints', pg_catalog.hashtextextended(pg_catalog.concat_ws('|', k.conrelid::regclass, k.contypid::regtype, k.conname,
               pg_catalog.pg_get_constraintdef(k.oid), k.conislocal, k.coninhcount), 0)
      FROM pg_catalog.pg_constraint AS k JOIN ours AS n ON n.oid = k.connamespace
     UNION ALL
    SELECT 'triggers', pg_catalog.hashtextextended(pg_catalog.concat_ws('|', c.nspname, c.relname,
               CASE WHEN NOT g.tgisinternal THEN g.tgname END, g.tgenabled, g.tgfoid::regproc,
               CASE WHEN NOT g.tgisinternal THEN pg_catalog.pg_get_triggerdef(g.oid) END), 0)
      FROM pg_catalog.pg_trigger AS g JOIN relations AS c ON c.oid = g.tgrelid
     UNION ALL
    SELECT 'rules and views', pg_catalog.hashtextextended(pg_catalog.concat_ws('|', c.nspname, c.relname, r.rulename, r.ev_enabled,
               pg_catalog.pg_get_ruledef(r.oid)), 0)
      FROM pg_catalog.pg_rewrite AS r JOIN relations AS c ON c.oid = r.ev_class
     UNION ALL
    SELECT 'policies', pg_catalog.hashtextextended(pg_catalog.concat_ws('|', c.nspname, c.relname, p.polname, p.polcmd, p.polpermissive,
               p.polroles::text, pg_catalog.pg_get_expr(p.polqual, p.polrelid), pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid)), 0)
      FROM pg_catalog.pg_policy AS p JOIN relations AS c ON c.oid = p.polrelid
     UNION ALL
    SELECT 'inheritance', pg_catalog.hashtextextended(pg_catalog.concat_ws('|', i.inhrelid::regclass, i.inhparent::regclass, i.inhseqno,
               pg_catalog.to_jsonb(i) ->> 'inhdetachpending'), 0)
      FROM pg_catalog.pg_inherits AS i JOIN relations AS c ON c.oid = i.inhrelid
     UNION ALL
    SELECT 'sequences', pg_catalog.hashtextextended(pg_catalog.concat_ws('|', c.nspname, c.relname, s.seqtypid, s.seqstart, s.seqincrement,
               s.seqmax, s.seqmin, s.seqcache, s.seqcycle), 0)
      FROM pg_catalog.pg_sequence AS s JOIN relations AS c ON c.oid = s.seqrelid
     UNION ALL
    SELECT 'functions', pg_catalog.hashtextextended(pg_catalog.concat_ws('|', n.nspname, p.oid::regprocedure, p.proowner, p.prolang, p.prokind,
               p.prorettype::regtype, p.proretset, p.procost, p.prorows, p.prosecdef, p.proleakproof, p.proisstrict, p.provolatile,
               p.proparallel, p.proargnames::text, p.proargmodes::text, pg_catalog.pg_get_expr(p.proargdefaults, 0), p.prosrc, p.probin,
               p.proconfig::text, p.proacl::text, {body}), 0)
      FROM pg_catalog.pg_proc AS p JOIN ours AS n ON n.oid = p.pronamespace
     UNION ALL
    SELECT 'types', pg_catalog.hashtextextended(pg_catalog.concat_ws('|', n.nspname, t.typname, t.typowner, t.typtype, t.typnotnull,
               t.typdefault, t.typbasetype::regtype, t.typtypmod, t.typacl::text,
               (SELECT pg_catalog.string_agg(e.enumlabel, ',' ORDER BY e.enumsortorder)
                  FROM pg_catalog.pg_enum AS e WHERE e.enumtypid = t.oid)), 0)
      FROM pg_catalog.pg_type AS t JOIN ours AS n ON n.oid = t.typnamespace
     UNION ALL
    SELECT 'comments', pg_catalog.hashtextextended(pg_catalog.concat_ws('|',
               pg_catalog.pg_describe_object(d.classoid, d.objoid, d.objsubid), d.description), 0)
      FROM pg_catalog.pg_description AS d WHERE d.objoid >= 16384
     UNION ALL
    SELECT 'default privileges', pg_catalog.hashtextextended(pg_catalog.concat_ws('|', d.defaclrole, n.nspname, d.defaclobjtype, d.defaclacl::text), 0)
      FROM pg_catalog.pg_default_acl AS d LEFT JOIN ours AS n ON n.oid = d.defaclnamespace
     UNION ALL
    SELECT 'extensions', pg_catalog.hashtextextended(pg_catalog.concat_ws('|', e.extname, e.extversion, e.extowner), 0)
      FROM pg_catalog.pg_extension AS e
     UNION ALL
    SELECT 'publications', pg_catalog.hashtextextended((pg_catalog.to_jsonb(p) - 'oid')::text, 0)
      FROM pg_catalog.pg_publication AS p
     UNION ALL
    SELECT 'publications', pg_catalog.hashtextextended(pg_catalog.concat_ws('|', p.pubname, r.prrelid::regclass,
               pg_catalog.to_jsonb(r) ->> 'prattrs', pg_catalog.to_jsonb(r) ->> 'prqual'), 0)
      FROM pg_catalog.pg_publication_rel AS r JOIN pg_catalog.pg_publication AS p ON p.oid = r.prpubid
     UNION ALL
    SELECT 'event triggers', pg_catalog.hashtextextended((pg_catalog.to_jsonb(e) - ARRAY['oid', 'evtfoid'])::text || e.evtfoid::regproc::text, 0)
      FROM pg_catalog.pg_event_trigger AS e
     UNION ALL
    SELECT 'statistics', pg_catalog.hashtextextended(pg_catalog.concat_ws('|', pg_catalog.pg_get_statisticsobjdef(s.oid), s.stxowner,
               pg_catalog.to_jsonb(s) ->> 'stxstattarget'), 0)
      FROM pg_catalog.pg_statistic_ext AS s JOIN ours AS n ON n.oid = s.stxnamespace
     UNION ALL
    SELECT 'settings', pg_catalog.hashtextextended(pg_catalog.concat_ws('|', s.setdatabase, s.setrole, s.setconfig::text), 0)
      FROM pg_catalog.pg_db_role_setting AS s
     UNION ALL
    SELECT 'other kinds', pg_catalog.hashtextextended(o.kind || o.row::text, 0)
      FROM (SELECT 'operator' AS kind, pg_catalog.to_jsonb(x) - 'oid' AS row FROM pg_catalog.pg_operator AS x WHERE x.oid >= 16384
             UNION ALL SELECT 'opclass', pg_catalog.to_jsonb(x) - 'oid' FROM pg_catalog.pg_opclass AS x WHERE x.oid >= 16384
             UNION ALL SELECT 'opfamily', pg_catalog.to_jsonb(x) - 'oid' FROM pg_catalog.pg_opfamily AS x WHERE x.oid >= 16384
             UNION ALL SELECT 'amop', pg_catalog.to_jsonb(x) - 'oid' FROM pg_catalog.pg_amop AS x WHERE x.oid >= 16384
             UNION ALL SELECT 'amproc', pg_catalog.to_jsonb(x) - 'oid' FROM pg_catalog.pg_amproc AS x WHERE x.oid >= 16384
             UNION ALL SELECT 'cast', pg_catalog.to_jsonb(x) - 'oid' FROM pg_catalog.pg_cast AS x WHERE x.oid >= 16384
             UNION ALL SELECT 'collation', pg_catalog.to_jsonb(x) - 'oid' FROM pg_catalog.pg_collation AS x WHERE x.oid >= 16384
             UNION ALL SELECT 'conversion', pg_catalog.to_jsonb(x) - 'oid' FROM pg_catalog.pg_conversion AS x WHERE x.oid >= 16384
             UNION ALL SELECT 'language', pg_catalog.to_jsonb(x) - 'oid' FROM pg_catalog.pg_language AS x
             UNION ALL SELECT 'transform', pg_catalog.to_jsonb(x) - 'oid' FROM pg_catalog.pg_transform AS x
             UNION ALL SELECT 'am', pg_catalog.to_jsonb(x) - 'oid' FROM pg_catalog.pg_am AS x WHERE x.oid >= 16384
             UNION ALL SELECT 'fdw', pg_catalog.to_jsonb(x) - 'oid' FROM pg_catalog.pg_foreign_data_wrapper AS x
             UNION ALL SELECT 'server', pg_catalog.to_jsonb(x) - 'oid' FROM pg_catalog.pg_foreign_server AS x
             UNION ALL SELECT 'foreign table', pg_catalog.to_jsonb(x) - 'ftrelid' FROM pg_catalog.pg_foreign_table AS x
             UNION ALL SELECT 'user mapping', pg_catalog.to_jsonb(x) - 'umid' FROM pg_catalog.pg_user_mappings AS x
             UNION ALL SELECT 'ts config', pg_catalog.to_jsonb(x) - 'oid' FROM pg_catalog.pg_ts_config AS x WHERE x.oid >= 16384
             UNION ALL SELECT 'ts config map', pg_catalog.to_jsonb(x) FROM pg_catalog.pg_ts_config_map AS x WHERE x.mapcfg >= 16384
             UNION ALL SELECT 'ts dict', pg_catalog.to_jsonb(x) - 'oid' FROM pg_catalog.pg_ts_dict AS x WHERE x.oid >= 16384
             UNION ALL SELECT 'ts parser', pg_catalog.to_jsonb(x) - 'oid' FROM pg_catalog.pg_ts_parser AS x WHERE x.oid >= 16384
             UNION ALL SELECT 'ts template', pg_catalog.to_jsonb(x) - 'oid' FROM pg_catalog.pg_ts_template AS x WHERE x.oid >= 16384
             UNION ALL SELECT 'range', pg_catalog.to_jsonb(x) FROM pg_catalog.pg_range AS x WHERE x.rngtypid >= 16384
             UNION ALL SELECT 'aggregate', pg_catalog.to_jsonb(x) FROM pg_catalog.pg_aggregate AS x WHERE x.aggfnoid::oid >= 16384
             UNION ALL SELECT 'label', pg_catalog.to_jsonb(x) - 'objoid' FROM pg_catalog.pg_seclabel AS x
             UNION ALL SELECT 'partitioned', pg_catalog.to_jsonb(pg_catalog.pg_get_partkeydef(x.partrelid)) FROM pg_catalog.pg_partitioned_table AS x
             UNION ALL SELECT 'membership', pg_catalog.to_jsonb(x) - 'oid' FROM pg_catalog.pg_auth_members AS x
             UNION ALL SELECT 'role', pg_catalog.to_jsonb(x) FROM pg_catalog.pg_roles AS x) AS o
)
SELECT s.part, pg_catalog.sum(s.hash)::text FROM said AS s GROUP BY s.part ORDER BY s.part
