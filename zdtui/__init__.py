"""zdtui: change a live PostgreSQL database without downtime, one confirmed step at a time.

The rooms, from the ground up (imports point one way, `docs/architecture.md` says why):

* ``sql`` is what a statement will do; ``steps`` is what each kind of step is; ``plan`` is what the author wrote;
  ``hazards`` is what may go wrong. All four are pure.
* ``evidence`` is what a rehearsal proved of a plan, kept beside it.
* ``configuration`` is what the operator's own file says.
* ``checking`` makes reports of files; ``importing`` makes a plan of another tool's folder, ``exporting`` the files of
  such a folder of a plan, ``draft`` a plan of a statement; ``proposals`` is what others propose, and who.
* ``usage`` is who still uses a column or a table.
* ``postgres`` is the room of the server's SQL.
* ``fingerprint`` is what a database is, object by object, and whether two looks at it show the same.
* ``watch`` samples the server; ``run`` carries a plan out and remembers it in the journal.
* ``notify`` tells people who look elsewhere; ``start`` is what can be opened from here.
* ``agents`` is what an agent may ask: it drafts, checks, reads and proposes.
* ``demo`` builds an embedded primary, a standby and live traffic; ``trace`` runs a plan on a scratch server;
  ``rehearse`` goes through it forward, back and forward where it is not production.
* ``cli`` is the command line. The Textual console lives beside this package, in ``screens``.
"""

__version__ = "0.2.0"
