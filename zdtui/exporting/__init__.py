"""A plan as another tool's migrations: one module a tool. Files out; nothing here talks to a database or writes a file.

What such a tool cannot do (backfills, waits, what a person does) is a migration that holds nothing but a comment, which
says what has to be done before the next one.
"""
