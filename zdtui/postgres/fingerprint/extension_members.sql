-- One row an extension: what belongs to it, with its owner, its comment and how its functions and tables are made.
-- pg_dump writes none of it, because the extension's own script does; and a person may change it all the same.
-- Server versions: 13 and later. Needs no privilege.
SELECT 'EXTENSION MEMBERS', e.extname::text,
       pg_catalog.string_agg(
           pg_catalog.concat_ws(' | ', m.described,
               (SELECT pg_catalog.concat_ws(' ', pg_catalog.pg_get_userbyid(p.proowner), p.provolatile, p.proparallel, p.prosecdef,
                                            p.proleakproof, p.proisstrict, p.procost, p.prorows, p.proconfig::text,
                                            pg_catalog.md5(p.prosrc))
                  FROM pg_catalog.pg_proc AS p WHERE d.classid = 'pg_catalog.pg_proc'::regclass AND p.oid = d.objid),
               (SELECT pg_catalog.concat_ws(' ', pg_catalog.pg_get_userbyid(c.relowner), c.relkind, c.relpersistence, c.relrowsecurity,
                                            c.relforcerowsecurity, c.relreplident, c.reloptions::text,
                                            (SELECT pg_catalog.string_agg(
                                                        pg_catalog.concat_ws(' ', a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod),
                                                                             a.attnotnull), ', ' ORDER BY a.attname)
                                               FROM pg_catalog.pg_attribute AS a
                                              WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped))
                  FROM pg_catalog.pg_class AS c WHERE d.classid = 'pg_catalog.pg_class'::regclass AND c.oid = d.objid),
               (SELECT pg_catalog.pg_get_userbyid(t.typowner)
                  FROM pg_catalog.pg_type AS t WHERE d.classid = 'pg_catalog.pg_type'::regclass AND t.oid = d.objid),
               pg_catalog.obj_description(d.objid, d.classid::regclass::name)),
           E'\n' ORDER BY m.described)
  FROM pg_catalog.pg_extension AS e
  JOIN pg_catalog.pg_depend AS d ON d.refclassid = 'pg_catalog.pg_extension'::regclass AND d.refobjid = e.oid AND d.deptype = 'e'
 CROSS JOIN LATERAL (SELECT pg_catalog.pg_describe_object(d.classid, d.objid, d.objsubid) AS described OFFSET 0) AS m
 GROUP BY 2
