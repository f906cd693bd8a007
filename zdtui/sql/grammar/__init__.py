"""Reading a statement with the server's own grammar (libpg_query, by postgast). Imported only when it is wanted.

One small file a family of commands; `read.py` finds the reader by the name of the tree's node.
"""
