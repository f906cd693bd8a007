"""A program that holds several engines ends all of them, and waits for all of them together; its terminal is put right."""

import inspect
import re
import threading

from textual.drivers import linux_driver

from zdtui.cli import hang_up
from zdtui.cli.hang_up import HangUp


class OneEngine:
    """An engine of which only the end matters."""

    def __init__(self, stops: bool = True) -> None:
        self.stops = stops
        self.asked: list[tuple[str, bool]] = []
        self.waited_for: list[float] = []

    @property
    def stopped(self) -> bool:
        """Once it was asked."""
        return self.stops and bool(self.asked)

    @property
    def overdue(self) -> bool:
        """Whether it was asked and stands still."""
        return not self.stops and bool(self.asked)

    def stop(self, why: str, force: bool = False) -> None:
        """Be asked."""
        self.asked.append((why, force))

    def join(self, seconds: float) -> bool:
        """Be waited for."""
        self.waited_for.append(seconds)
        return self.stopped


def test_every_engine_is_asked_and_the_ones_that_stand_still_are_not_waited_for() -> None:
    engines = (OneEngine(), OneEngine(stops=False), OneEngine())
    left = threading.Event()
    ending = HangUp(*engines, leave=left.set)
    ending._closed.set()
    ending._begin(129, "SIGHUP received")
    assert left.wait(30)
    assert [each.asked for each in engines] == [[("SIGHUP received", True)]] * 3
    assert engines[1].waited_for == [0.0]
    assert all(0 <= seconds <= hang_up.ENGINE_GRACE for each in engines for seconds in each.waited_for)
    assert ending.exit_code == 129


def test_every_mode_that_the_screen_turns_on_is_turned_off_when_it_is_left_without_it() -> None:
    """By what Textual's driver writes: a mode that a later Textual turns on is red here."""
    stays_on, source = {"7", "25"}, inspect.getsource(linux_driver)
    turned_on = set(re.findall(r'^ +(?:self\.)?write\("\\x1b\[\?(\d+)h', source, re.M)) - stays_on
    assert turned_on >= {"1000", "1004", "1049", "2004"}
    left = hang_up.LEAVE_SCREEN.decode()
    assert {mode for mode in turned_on if f"\x1b[?{mode}l" not in left} == set()
    assert left.index("\x1b[<u") < left.index("\x1b[?1049l"), "each screen has a keyboard protocol of its own"
