"""zdtui: change a live PostgreSQL database without downtime, one confirmed step at a time.

The rooms, from the ground up (imports point one way, `docs/architecture.md` says why):

* ``plan`` is what the author wrote; ``sql`` is what a statement will do. Both are pure.
* ``postgres`` is the only room that knows server SQL.
* ``watch`` samples the server; ``run`` carries a plan out and remembers it in the journal.
* ``demo`` builds an embedded primary, a standby and live traffic.
* ``cli`` is the command line. The Textual console lives beside this package, in ``screens``.
"""

__version__ = "0.1.0"
