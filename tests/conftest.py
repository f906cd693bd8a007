"""Fixtures by concern live in `tests/fix_*.py`; this file only names them."""

pytest_plugins = [
    "tests.fix_db",
    "tests.fix_counting",
    "tests.fix_corpus",
    "tests.fix_pgbouncer",
    "tests.fix_hypothesis",
]
