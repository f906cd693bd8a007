"""Who still uses a column or a table: the statements that were called, and what in the catalog depends on it.

`find.usage_of` is the pure rule; `ask.usage_now` asks a server.
"""
