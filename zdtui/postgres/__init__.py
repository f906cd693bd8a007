"""The only room that knows server SQL: connecting, catalogs, activity, replication."""
