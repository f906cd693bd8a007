"""Reading a statement by its words, where the server's grammar is not installed or does not take it.

It knows the statements that migrations are made of. What it does not know it leaves unknown: it never guesses.
"""
