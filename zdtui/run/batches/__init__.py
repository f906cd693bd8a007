"""Backfill and copy in batches: which way a table is walked, by how many sessions, and what becomes of bad rows."""
