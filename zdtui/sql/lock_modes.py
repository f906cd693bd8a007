"""The eight table-level lock modes, and which keeps out which."""

from enum import StrEnum


class LockMode(StrEnum):
    """Named as the manual names them; pg_locks writes them 'AccessExclusiveLock'. From the weakest to the strongest."""

    ACCESS_SHARE = "ACCESS SHARE"
    ROW_SHARE = "ROW SHARE"
    ROW_EXCLUSIVE = "ROW EXCLUSIVE"
    SHARE_UPDATE_EXCLUSIVE = "SHARE UPDATE EXCLUSIVE"
    SHARE = "SHARE"
    SHARE_ROW_EXCLUSIVE = "SHARE ROW EXCLUSIVE"
    EXCLUSIVE = "EXCLUSIVE"
    ACCESS_EXCLUSIVE = "ACCESS EXCLUSIVE"

    @property
    def strength(self) -> int:
        """0 for the weakest, 7 for the strongest."""
        return STRENGTH[self]

    def conflicts_with(self, other: "LockMode") -> bool:
        """True when two sessions cannot hold the two at the same time on the same thing."""
        return other in CONFLICTS[self]

    @classmethod
    def of_pg_locks(cls, mode: str) -> "LockMode | None":
        """The mode pg_locks.mode means: 'AccessShareLock' → ACCESS SHARE. None for one that conflicts with nothing."""
        return PG_LOCKS.get(mode)


STRENGTH = {mode: place for place, mode in enumerate(LockMode)}
PG_LOCKS = {mode.value.title().replace(" ", "") + "Lock": mode for mode in LockMode}

_M = LockMode
_FROM_SHARE = frozenset({_M.SHARE_ROW_EXCLUSIVE, _M.EXCLUSIVE, _M.ACCESS_EXCLUSIVE})
CONFLICTS: dict[LockMode, frozenset[LockMode]] = {
    _M.ACCESS_SHARE: frozenset({_M.ACCESS_EXCLUSIVE}),
    _M.ROW_SHARE: frozenset({_M.EXCLUSIVE, _M.ACCESS_EXCLUSIVE}),
    _M.ROW_EXCLUSIVE: frozenset({_M.SHARE}) | _FROM_SHARE,
    _M.SHARE_UPDATE_EXCLUSIVE: frozenset({_M.SHARE_UPDATE_EXCLUSIVE, _M.SHARE}) | _FROM_SHARE,
    _M.SHARE: frozenset({_M.ROW_EXCLUSIVE, _M.SHARE_UPDATE_EXCLUSIVE}) | _FROM_SHARE,
    _M.SHARE_ROW_EXCLUSIVE: frozenset(_M) - {_M.ACCESS_SHARE, _M.ROW_SHARE},
    _M.EXCLUSIVE: frozenset(_M) - {_M.ACCESS_SHARE},
    _M.ACCESS_EXCLUSIVE: frozenset(_M),
}
"""Table 13.2 of https://www.postgresql.org/docs/current/explicit-locking.html."""
