"""The share of the time a backfill works: down by multiplying when a signal nears its limit, up by adding. Pure.

Additive increase and multiplicative decrease settle below a limit instead of swinging around it (Chiu and Jain 1989).
Between EASE and 1 the speed goes down gently in proportion, so that it mostly never gets to be halved; between HOLD
and EASE it stays; and it is judged only once for each new sample, because a figure cannot answer sooner.
"""

from dataclasses import dataclass, replace

from zdtui.run.commands import Effort
from zdtui.run.throttle.signals import Signal

MOST = {Effort.GENTLE: 0.35, Effort.NORMAL: 0.9, Effort.FULL: 1.0}
"""The share of the time the dial allows."""
LEAST = 0.02
"""Below it the speed is not turned down by degrees; only a stop is less."""
STOP_AT, GO_AT = 1.5, 0.8
"""A signal this far over its limit stops the work, until all are under GO_AT."""
EASE, HOLD = 0.75, 0.6
HALVE = 0.5
STEP_UP = 0.05
"""Added to the share at each sample with room."""


@dataclass(frozen=True, slots=True)
class Speed:
    """How much of the time is worked, and what held it down last."""

    share: float = 1.0
    stopped: bool = False
    reason: str = ""
    """The signal that holds the speed down now; empty when only the dial does."""
    judged: float | None = None
    """When the newest figures that were judged were taken, by time.monotonic()."""


def judged(speed: Speed, signals: tuple[Signal, ...], taken_at: float) -> Speed:
    """The speed after the figures taken at that moment; unchanged when they were judged before."""
    if speed.judged is not None and taken_at <= speed.judged:
        return speed
    worst = max(signals, key=lambda signal: signal.pressure, default=None)
    pressure = 0.0 if worst is None else worst.pressure
    after = replace(speed, judged=taken_at)
    if pressure >= STOP_AT or (speed.stopped and pressure >= GO_AT):
        return replace(after, stopped=True, share=LEAST, reason=str(worst))
    if pressure >= 1.0:
        return replace(after, stopped=False, share=max(LEAST, speed.share * HALVE), reason=str(worst))
    if pressure >= EASE:
        return replace(after, stopped=False, share=max(LEAST, speed.share * (1 - (pressure - EASE))), reason=str(worst))
    if pressure >= HOLD:
        return replace(after, stopped=False, reason=str(worst) if speed.share < 1.0 else "")
    share = min(1.0, speed.share + STEP_UP)
    return replace(after, stopped=False, share=share, reason="" if share >= 1.0 else speed.reason)


def share_of(speed: Speed, effort: Effort) -> float:
    """The share of the time to work, by the dial and by the signals, whichever is less; 0 when stopped."""
    return 0.0 if speed.stopped else min(MOST[effort], speed.share)


def rest_after(worked: float, share: float) -> float:
    """Seconds to rest after `worked` seconds of work to keep to that share (above 0)."""
    return worked * (1.0 / share - 1.0)
