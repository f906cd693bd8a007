"""When to try for a lock again. Pure: chance comes in as a number."""

FIRST_PAUSE = 0.1
LONGEST_PAUSE = 5.0

RETRIED_SQLSTATES = frozenset({"55P03", "40P01", "40001"})
"""lock_not_available, deadlock_detected and serialization_failure (a row that was moved to another partition among
them): nothing was done, and trying again is right
(https://www.postgresql.org/docs/current/errcodes-appendix.html)."""


def pause_before(try_number: int, chance: float) -> float:
    """Seconds to wait before try number `try_number` (2 for the first retry): doubling, with half of it jitter.

    `chance` is uniform in [0, 1). Jitter keeps our tries from falling in step with the application's own rhythm.
    """
    ceiling = min(LONGEST_PAUSE, FIRST_PAUSE * 2.0 ** max(0, try_number - 2))
    return ceiling * (0.5 + 0.5 * chance)
