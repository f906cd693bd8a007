-- One row a language that people have made: pg_dump writes its functions, and whether it is trusted, only where it
-- writes these functions too.
-- Server versions: 13 and later. Needs no privilege.
SELECT 'LANGUAGE', l.lanname::text,
       pg_catalog.concat_ws(', ', CASE WHEN l.lanpltrusted THEN 'TRUSTED' ELSE 'not trusted' END, 'handler ' || l.lanplcallfoid::regproc::text,
                            'inline ' || l.laninline::regproc::text, 'validator ' || l.lanvalidator::regproc::text)
  FROM pg_catalog.pg_language AS l
 WHERE l.oid >= 16384
