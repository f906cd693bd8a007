"""What a database is, object by object, and whether two looks at it show the same: the one answer to "is it exact?".

`take` looks (pg_dump judges, queries of ours see what it leaves out, sums see the rows), `compare` judges and is pure,
`quick` is a look at the catalog alone for after each statement. What could not be read is unknown, never exact.
"""
