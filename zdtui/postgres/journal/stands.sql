-- One row: how many events the run has, and its head; null where it has none. Asked once a second.
SELECT (SELECT pg_catalog.count(*) FROM zdtui.event WHERE run = %(run)s),
       (SELECT sequence FROM zdtui.head WHERE run = %(run)s),
       (SELECT digest FROM zdtui.head WHERE run = %(run)s)
