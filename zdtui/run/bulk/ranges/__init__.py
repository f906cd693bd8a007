"""Which part of a table a session works on, how it is scanned, and how much at a time."""
