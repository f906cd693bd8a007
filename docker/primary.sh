#!/usr/bin/env bash
# Run once by the postgres image in its first start, on the socket: the shop, the standby's role and slot, and who may
# come in. The superuser stays on the socket; the network of these containers is trusted for the other roles.
# Needs PGDATA and POSTGRES_USER (the image's), SHOP_USERS (how many users), and the SQL in SHOP_SQL (default /shop).
set -euo pipefail

sql_folder=${SHOP_SQL:-/shop}
superuser=${POSTGRES_USER:-postgres}

ask() {
  psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --username "$superuser" --output /dev/null "$@"
}

ask --dbname postgres --file "$sql_folder/roles.sql"
ask --dbname postgres --command 'CREATE ROLE replicator LOGIN REPLICATION'
ask --dbname postgres --command "SELECT pg_create_physical_replication_slot('standby_a')"
ask --dbname postgres --command 'CREATE DATABASE shop OWNER zdtui'
PGOPTIONS="-c shop.users=${SHOP_USERS:-300000}" ask --dbname shop --file "$sql_folder/shop.sql"
ask --dbname shop --command 'VACUUM (ANALYZE)'

cat > "$PGDATA/pg_hba.conf" <<RULES
local all all trust
host replication replicator all trust
host all $superuser all reject
host all replicator all reject
host all all all trust
RULES
