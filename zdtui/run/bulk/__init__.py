"""Backfill, copy and compare: in batches, by one session or several, every row once."""
