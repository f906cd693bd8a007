-- Makes a function that looks for some time, some hundred times a second, which locks on relations some sessions hold.
-- One row whenever that is another than before, and one at the end: the server's clock in seconds, and the locks as
-- 'oid mode' with commas between them. It lives as long as the session. PostgreSQL 13 and later. Needs TEMPORARY.
CREATE FUNCTION pg_temp.zdtui_lock_log(application text, seconds double precision)
RETURNS TABLE (at double precision, held text) LANGUAGE plpgsql AS $function$
DECLARE
    began timestamptz := pg_catalog.clock_timestamp();
    pids integer[] := ARRAY(SELECT a.pid FROM pg_catalog.pg_stat_activity AS a
                             WHERE a.datname = pg_catalog.current_database()
                               AND pg_catalog.starts_with(a.application_name, application));
    own oid := (SELECT d.oid FROM pg_catalog.pg_database AS d WHERE d.datname = pg_catalog.current_database());
    before text;
BEGIN
    LOOP
        SELECT coalesce(pg_catalog.string_agg(l.relation::text || ' ' || l.mode, ',' ORDER BY l.relation, l.mode), '')
          INTO held
          FROM pg_catalog.pg_locks AS l
         WHERE l.locktype = 'relation' AND l.granted AND l.database = own AND l.pid = ANY (pids)
           AND l.relation >= 16384::oid;
        at := pg_catalog.date_part('epoch', pg_catalog.clock_timestamp());
        IF held IS DISTINCT FROM before THEN
            RETURN NEXT;
            before := held;
        END IF;
        EXIT WHEN at >= pg_catalog.date_part('epoch', began) + seconds;
        PERFORM pg_catalog.pg_sleep(0.0005);
    END LOOP;
    RETURN NEXT;
END
$function$
