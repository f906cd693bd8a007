"""A figure that is not to be had is a value of its own: neither zero nor none. The type checker asks every reader.

A figure is written `T | Unseen`; where there may be nothing to measure, `T | Unseen | None`. None says that we looked
and there is none. Whoever reads one has to say what follows when it could not be seen.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Unseen:
    """Why a figure is not to be had."""

    why: str
    """One clause: 'hidden from this role (grant pg_monitor)'."""
    since: float | None = None
    """time.monotonic() from which on it could not be seen; None where that does not matter or is not known."""
    passing: bool = False
    """The next reading may show it: nobody has looked yet, a session is being restored, somebody may come back."""
    about: tuple[str, ...] = ()
    """What went away, where that is the reason: names of standbys. An operator accepts that loss, and no other."""

    def __str__(self) -> str:
        return self.why
