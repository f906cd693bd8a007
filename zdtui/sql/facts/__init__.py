"""The table of facts: for each kind of operation, what it locks, rewrites and scans, and the page that says so.

Proved against real servers by tests/corpus: `docs/locks.md` is what they were seen to do. A kind without a row of its
own locks no relation that was there before.
"""

from zdtui.sql.facts import alter_table, objects, relations, rows
from zdtui.sql.facts.fact import Fact
from zdtui.sql.facts.pages import page_of
from zdtui.sql.kinds import KINDS
from zdtui.sql.operation import UNKNOWN

FACTS: dict[str, Fact] = alter_table.FACTS | relations.FACTS | objects.FACTS | rows.FACTS
FACTS = {kind: fact for kind, fact in FACTS.items() if kind in KINDS}
FACTS |= {kind: Fact(page=page_of(kind)) for kind in KINDS if kind not in FACTS and kind != UNKNOWN}
