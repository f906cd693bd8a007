"""Rows made up for a scratch server from what the planner knows of a table: how many, how different, how long.

No row of the target is read, and none of its most common values: what is made up has their number and their lengths.
"""
