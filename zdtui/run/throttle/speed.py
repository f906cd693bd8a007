"""The share of the time a backfill works. Pure.

A signal whose cause is known (a standby's replay: so much is written, so much replayed) is steered to TARGET of its
limit: the share is multiplied by what the standby can take, a little less above the target and a little more below it.
Any other signal is answered by multiplicative decrease and additive increase, which settle below a limit instead of
swinging around it (Chiu and Jain 1989): halved over the limit, eased off near it, held below that. Either is judged
only once for each new sample, because a figure cannot answer sooner. With a standby the work begins slowly: at full
speed a second is enough to write what a slow one replays in ten.
"""

from dataclasses import dataclass

from zdtui.run.model.commands import ThrottleLevel
from zdtui.run.model.throttle_status import Signal

MOST = {ThrottleLevel.GENTLE: 0.7, ThrottleLevel.NORMAL: 1.0, ThrottleLevel.FULL: 1.0}
"""The share of the time the dial allows."""
BATCHES = {ThrottleLevel.GENTLE: 0.15, ThrottleLevel.NORMAL: 0.3, ThrottleLevel.FULL: 1.0}
"""The share of the plan's batch_duration that a batch takes: what the application waits for is the length of a batch
more than their number (docs/benchmarks.md)."""
FINEST = 0.1
"""The share of the plan's batch_duration that batches are not made shorter than while signals hold the speed down."""
LEAST = 0.02
"""Below it the speed is not turned down by degrees; only a stop is less."""
STOP_AT, GO_AT = 1.5, 0.8
"""A signal this far over its limit stops the work, until all are under GO_AT."""
EASE, HOLD = 0.75, 0.6
HALVE = 0.5
BEGIN = 0.05
"""The share a backfill begins with when there is a standby to keep up."""
TARGET, GAIN = 0.45, 0.6
"""Where under its limit a steered signal is kept, and how strongly it is drawn there."""
NOTHING = 0.05
SLOWEST, FAST, FASTER = 0.3, 1.3, 1.6
"""What the share may be multiplied by at one sample; FASTER while a standby shows no lag at all."""
STEER_NAMED = 0.3
"""From here on a signal is named as what holds the speed down."""
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
    steered = tuple(signal for signal in signals if signal.balance is not None)
    share = BEGIN if speed.judged is None and steered else speed.share
    worst = max(signals, key=lambda signal: signal.pressure, default=None)
    pressure = 0.0 if worst is None else worst.pressure
    stopped = pressure >= STOP_AT or (speed.stopped and pressure >= GO_AT)
    share = min([_followed(share, signals, steered), *(share * _steered(signal) for signal in steered)])
    share = LEAST if stopped and worst not in steered else max(LEAST, min(1.0, share))
    held = stopped or pressure >= HOLD or (share < 1.0 and bool(speed.reason))
    reason = "" if worst is None or not held else str(worst) if pressure >= STEER_NAMED else speed.reason
    return Speed(share=share, stopped=stopped, reason=reason, judged=taken_at)


def _followed(share: float, signals: tuple[Signal, ...], steered: tuple[Signal, ...]) -> float:
    """Multiplicative decrease and additive increase, by the worst of the signals that are only followed."""
    pressure = max((signal.pressure for signal in signals if signal not in steered), default=0.0)
    if pressure >= 1.0:
        return share * HALVE
    if pressure >= EASE:
        return share * (1 - (pressure - EASE))
    if pressure >= HOLD:
        return share
    return 1.0 if steered else share + STEP_UP


def _steered(signal: Signal) -> float:
    """What the share is multiplied by to bring the signal to its target."""
    balance = signal.balance or 1.0
    if signal.pressure < NOTHING and balance >= 1.0:
        return FASTER
    takes = min(balance, 1.0) if signal.pressure > TARGET else balance
    return max(SLOWEST, min(FAST, takes * (1 + GAIN * (TARGET - signal.pressure))))


def share_of(speed: Speed, effort: ThrottleLevel) -> float:
    """The share of the time to work, by the dial and by the signals, whichever is less; 0 when stopped."""
    return 0.0 if speed.stopped else min(MOST[effort], speed.share)


def rest_after(worked: float, share: float) -> float:
    """Seconds to rest after `worked` seconds of work to keep to that share (above 0)."""
    return worked * (1.0 / share - 1.0)
