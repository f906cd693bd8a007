"""`python -m tests.corpus.locks_page`: docs/locks.md, made from what real servers were seen to do."""

from collections.abc import Iterator
from pathlib import Path

from tests.corpus import FAMILIES, Case, cases
from tests.corpus.comparing import LeftOpen
from tests.corpus.kept import Outcome, Seen, kept
from tests.corpus.servers import VERSIONS
from zdtui.sql.lock_modes import LockMode
from zdtui.sql.text.name import Name
from zdtui.trace.observed import Observed

PAGE = Path(__file__).parents[2] / "docs" / "locks.md"
TITLES = {
    "alter_table_columns": "ALTER TABLE: columns",
    "alter_table_constraints": "ALTER TABLE: constraints",
    "alter_table_table": "ALTER TABLE: the table as a whole, partitions",
    "indexes": "Indexes and extended statistics",
    "tables": "Tables, views, materialized views, sequences",
    "objects": "Types, functions, triggers, policies, publications",
    "rows": "Queries and changes of rows",
}
INTRODUCTION = """\
# What each statement locks, rewrites and reads

Made from what PostgreSQL {versions} were **seen to do** (19 as its first release candidate): each statement was run on a
real server, on one small schema ([tests/corpus/schema.sql](../tests/corpus/schema.sql)), and `pg_locks`, the relations'
file nodes and their scan counters were read. A test holds zdtui's predictions against all of it, and tests on servers
run a part of it again. Where versions differ, it is said; else all of them did the same.

* **locks** are on relations that were there before; on indexes only from SHARE UPDATE EXCLUSIVE on, because weaker ones
  follow their table's and keep nobody out. `users_*` stands for three or more indexes whose names begin so.
* **new file**: its rows are written anew (or, by TRUNCATE, gone). **built anew**: so are these indexes. **reads**: read
  whole under the lock (not told of queries, where that is the planner's choice).
* *alone*: PostgreSQL refuses it in a transaction block.

What the modes keep out is in the manual:
[table 13.2](https://www.postgresql.org/docs/current/explicit-locking.html#TABLE-LOCK-COMPATIBILITY). In short: ACCESS
EXCLUSIVE keeps out everybody, SHARE and stronger keep out writers, SHARE UPDATE EXCLUSIVE keeps out only DDL and VACUUM.

What zdtui predicts differs from this page only where PostgreSQL itself leaves open what happens:

{left_open}
"""


def page() -> str:
    """The page as it should be."""
    versions = ", ".join(map(str, VERSIONS[:-1])) + f" and {VERSIONS[-1]}"
    left_open = "\n".join(f"* {reason.value}" for reason in LeftOpen)
    lines = [INTRODUCTION.format(versions=versions, left_open=left_open)]
    seen = {version: kept(version) for version in VERSIONS}
    for family in FAMILIES:
        lines += [
            f"## {TITLES[family]}",
            "",
            "| statement | locks | new file | built anew | reads |",
            "|---|---|---|---|---|",
        ]
        lines += [row for case in cases() if case.family == family for row in _rows(case, seen)]
        lines.append("")
    return "\n".join(lines)


def _rows(case: Case, seen: dict[int, dict[str, Outcome]]) -> Iterator[str]:
    told = {version: _cells(case, seen[version][case.name]) for version in VERSIONS if case.name in seen[version]}
    usual = told[max(told)]
    since = f" *(from {case.from_version})*" if case.is_of(max(told)) and not case.is_of(VERSIONS[0]) else ""
    given = f"<br>*after* `{_code(case.given)}`" if case.given else ""
    outcomes = (seen[version][case.name] for version in told)
    alone = " *alone*" if any(isinstance(each, Seen) and not each.transactional for each in outcomes) else ""
    yield f"| `{_code(case.sql)}`{since}{alone}{given} | {' | '.join(usual)} |"
    for cells in dict.fromkeys(cells for cells in told.values() if cells != usual):
        versions = [str(version) for version, its_own in told.items() if its_own == cells]
        yield f"| — on {' and '.join(versions)} | {' | '.join(cells)} |"


def _cells(case: Case, outcome: Outcome) -> tuple[str, str, str, str]:
    if isinstance(outcome, str):
        return outcome, "", "", ""
    observed = outcome.observed
    reads = observed.scans if case.family != "rows" else ()
    return _locks(observed), _names(observed.rewrites), _shortened_names(observed.rebuilds), _names(reads)


def _locks(observed: Observed) -> str:
    strong = [each for each in observed.locks if not (_is_index(each.relation.name) and _is_weak(each.mode))]
    modes = dict.fromkeys(sorted((each.mode for each in strong), key=lambda mode: -mode.strength))
    parts = []
    for mode in modes:
        names = _shortened([each.relation.name for each in strong if each.mode is mode])
        parts.append(f"{mode}: {', '.join(names)}")
    return "<br>".join(parts) or "none"


def _shortened(names: list[str]) -> list[str]:
    """Three or more indexes of one table as one name."""
    tables = [name for name in names if not _is_index(name)]
    indexes = [name for name in names if _is_index(name)]
    short: list[str] = list(tables)
    for stem in dict.fromkeys(name.split("_", 1)[0] for name in indexes):
        mine = [name for name in indexes if name.startswith(f"{stem}_")]
        short += [f"{stem}_*"] if len(mine) > 2 else mine
    return short


def _is_index(name: str) -> bool:
    return name.endswith(("_pkey", "_idx", "_key", "_uq"))


def _is_weak(mode: LockMode) -> bool:
    return mode.strength < LockMode.SHARE_UPDATE_EXCLUSIVE.strength


def _shortened_names(names: tuple[Name, ...]) -> str:
    return ", ".join(_shortened([name.name for name in names]))


def _names(names: tuple[Name, ...]) -> str:
    return ", ".join(str(name).removeprefix("public.") for name in names)


def _code(sql: str) -> str:
    return sql.replace("|", "\\|").replace("`", "'")


if __name__ == "__main__":
    PAGE.write_text(page())
