-- The two roles of the shop, server-wide: zdtui changes the schema, shop_app is the application.
-- Run as a superuser, once a server. zdtui is no superuser: it watches (pg_monitor), may cancel or terminate the
-- application's backends (pg_signal_backend), and owns its databases.
CREATE ROLE zdtui LOGIN;
GRANT pg_monitor, pg_signal_backend TO zdtui;
CREATE ROLE shop_app LOGIN;
