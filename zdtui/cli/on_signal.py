"""What a signal does outside of a screen: it unwinds the program, so that what was begun is put right on the way."""

import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn

Handler = Callable[[int, FrameType | None], object] | signal.Handlers
ENDINGS = (signal.SIGTERM, signal.SIGHUP)
"""Those that Python itself answers by ending at once. SIGINT is an exception already."""


@contextmanager
def on_signal(handler: Handler, numbers: Sequence[signal.Signals]) -> Iterator[None]:
    """While this lasts, these signals do that."""
    before = [signal.signal(number, handler) for number in numbers]
    try:
        yield
    finally:
        for number, former in zip(numbers, before, strict=True):
            signal.signal(number, former)


@contextmanager
def unwound_by_signals() -> Iterator[None]:
    """While this lasts, SIGTERM and SIGHUP raise SystemExit with the code that a shell expects for them."""
    with on_signal(_unwind, ENDINGS):
        yield


def _unwind(number: int, frame: FrameType | None) -> NoReturn:
    raise SystemExit(128 + number)
