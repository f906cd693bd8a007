"""`zdtui draft`: one risky statement becomes the plan that a colleague would have written.

`changes/` has a module a kind of change. What is known of the tables comes from a server's catalogs (`live.py`), from a
file of SQL, or is assumed and said. Nothing here runs a statement; what is drafted passes `check`, or is not written.
"""
