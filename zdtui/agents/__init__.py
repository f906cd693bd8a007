"""What an agent may ask of zdtui: it drafts, checks, reads and proposes. Nothing here runs, confirms or ends anything.

A tool is a function from its arguments to an `Answer`. The protocol is spoken in `serve.py` alone.
"""
