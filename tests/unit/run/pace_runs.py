"""Backfills that are only numbers: batches of uneven length and yield, at a speed that changes on its way."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import exp, log
from random import Random

from zdtui.run.bulk.ranges.progress_history import Pace, advance, eta
from zdtui.run.model.remaining import Remaining

Speed = Callable[[float], float]
"""From seconds since the beginning to the speed, 1.0 being the one at which the run takes as long as it was planned."""
LENGTHS = (20.0, 100.0, 600.0, 3600.0)
"""Planned seconds."""
BATCHES = 6000
"""In a run, at most."""


@dataclass(frozen=True, slots=True)
class Told:
    """What was said at a moment, and what came."""

    at: float
    done: float
    remaining: Remaining | None
    took: float
    """Seconds from then to the end."""

    @property
    def holds(self) -> bool:
        """Whether the end came in the range."""
        told = self.remaining
        return told is not None and told.low.total_seconds() <= self.took <= told.high.total_seconds()

    @property
    def width(self) -> float:
        """The later end over the sooner."""
        assert self.remaining is not None
        return self.remaining.high / self.remaining.low


def steady(random: Random, planned: float) -> Speed:
    """The same speed all the time."""
    return lambda at: 1.0


def drifting(random: Random, planned: float) -> Speed:
    """Slower and slower, or faster and faster."""
    to = random.choice([0.4, 0.6, 1.6, 2.5])
    return lambda at: exp(log(to) * min(2.0, at / planned))


def changed_once(random: Random, planned: float) -> Speed:
    """One other speed from some moment on, up to four times as fast or slow."""
    moment, other = random.uniform(0.1, 0.8) * planned, exp(random.choice([-1, 1]) * random.uniform(0.3, 1.4))
    return lambda at: other if at >= moment else 1.0


def turned(random: Random, planned: float) -> Speed:
    """The dial is turned a few times: gentle, normal, full."""
    moments = sorted(random.uniform(0.0, 2.0) * planned for _ in range(6))
    speeds = [random.choice([0.4, 0.9, 1.0]) for _ in range(7)]
    return lambda at: speeds[sum(at >= moment for moment in moments)]


def regimes(each: float, apart: float = 0.5) -> Callable[[Random, float], Speed]:
    """Another speed every now and then; `each` in planned lengths."""

    def of(random: Random, planned: float) -> Speed:
        until, speed = 0.0, 1.0

        def at(seconds: float) -> float:
            nonlocal until, speed
            while seconds >= until:
                until, speed = until + random.expovariate(1 / (each * planned)), exp(random.gauss(0, apart))
            return speed

        return at

    return of


def pauses(work: float, rest: float) -> Callable[[Random, float], Speed]:
    """Work and rest in turn, as under a throttle; both in planned lengths."""

    def of(random: Random, planned: float) -> Speed:
        until, works = 0.0, False

        def at(seconds: float) -> float:
            nonlocal until, works
            while seconds >= until:
                works = not works
                until += random.expovariate(1 / ((work if works else rest) * planned))
            return 1.0 if works else 0.0

        return at

    return of


def throttled_and_changing(random: Random, planned: float) -> Speed:
    """Rests of a throttle between speeds that change: both at once."""
    works, speed = pauses(1 / 40, 1 / 80)(random, planned), regimes(1 / 15, 0.35)(random, planned)
    return lambda at: works(at) * speed(at)


def run(random: Random, planned: float, speed: Speed) -> Iterator[Told]:
    """What is told at each fiftieth of the way."""
    usual, at, done, batches, waited, due = max(0.05, planned / BATCHES), 0.0, 0.0, 0, 0.0, 0.02
    pace, told = Pace(), []
    while done < 1.0:
        seconds = usual * exp(random.gauss(0, 0.25))
        at, waited, now = at + seconds, waited + seconds, speed(at)
        if now <= 0:
            continue
        gained = min(1.0 - done, now * usual / planned * exp(random.gauss(0, 0.12)))
        done, batches = done + gained, batches + 1
        pace, waited = advance(pace, 1000, gained, waited), 0.0
        if due <= done < 1.0:
            told.append((at, done, eta(pace, done, batches)))
            due = done + 0.02
    return (Told(then, share, remaining, at - then) for then, share, remaining in told)
