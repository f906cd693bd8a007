#!/usr/bin/env bash
# Copies the primary when there is no copy yet, then streams from it. Any further arguments go to postgres.
# Needs PGDATA (the image's), PRIMARY_HOST, STANDBY_NAME (as pg_stat_replication calls it); PRIMARY_PORT if not 5432.
set -euo pipefail

copied="$PGDATA/standby.signal"
primary="host=$PRIMARY_HOST port=${PRIMARY_PORT:-5432} user=replicator application_name=$STANDBY_NAME"

if [ ! -e "$copied" ]; then
  rm -rf "$PGDATA"
  mkdir -p "$(dirname "$PGDATA")"
  unfinished="$PGDATA.unfinished"
  rm -rf "$unfinished"
  pg_basebackup --dbname "$primary" --pgdata "$unfinished" --write-recovery-conf --wal-method stream \
    --checkpoint fast --slot "${STANDBY_NAME//-/_}"
  mv "$unfinished" "$PGDATA"
fi

exec postgres -D "$PGDATA" -c "cluster_name=$STANDBY_NAME" "$@"
