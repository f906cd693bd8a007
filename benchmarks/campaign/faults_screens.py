"""Faults of the real console in a real terminal: killed, hung up, stalled and told to end, with work under way."""

import signal
import time

from benchmarks.campaign.fault import kind
from benchmarks.campaign.screens import Screen
from benchmarks.campaign.world import World

ENDS_WITHIN = 45.0
"""Seconds, on a machine that is busy."""


def _at_the_keys(world: World) -> Screen | None:
    """The console without a screen leaves, and a person goes on in a terminal, for a moment."""
    console = world.conductor
    if console is None:
        return None
    world.hands_off = True
    console.say("leave")
    if not console.wait(ENDS_WITHIN):
        world.hands_off = False
        return None
    screen = world.start_screen()
    world.until(lambda: screen.conducts or not screen.alive, 30)
    time.sleep(world.chance.uniform(0.5, 4.0))
    return screen


def _over(world: World, screen: Screen, what: str) -> str:
    world.hands_off = False
    if not screen.wait(ENDS_WITHIN):
        world.sampler.seen.append(f"{screen.name} lives {ENDS_WITHIN:.0f} s after it was {what}")
        screen.send(signal.SIGKILL)
        screen.wait(10)
    return f"{screen.name} was {what}"


@kind("terminal-killed", costly=True)
def terminal_killed(world: World) -> str | None:
    """SIGKILL to the real console."""
    screen = _at_the_keys(world)
    if screen is None:
        return None
    screen.send(signal.SIGKILL)
    return _over(world, screen, "killed")


@kind("terminal-hung-up", costly=True)
def terminal_hung_up(world: World) -> str | None:
    """The terminal is gone: the window was closed, the line broke."""
    screen = _at_the_keys(world)
    if screen is None:
        return None
    screen.ended = "SIGHUP"
    screen.terminal.close()
    return _over(world, screen, "hung up")


@kind("terminal-stalled", costly=True)
def terminal_stalled(world: World) -> str | None:
    """The terminal does not read any more; then SIGTERM."""
    screen = _at_the_keys(world)
    if screen is None:
        return None
    screen.terminal.stall()
    time.sleep(world.chance.uniform(0.5, 2.0))
    screen.send(signal.SIGTERM)
    return _over(world, screen, "stalled and terminated")
