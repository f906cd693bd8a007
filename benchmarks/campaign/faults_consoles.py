"""Faults of consoles: killed, frozen, told to end, and two that want the same run."""

import signal
import time

from benchmarks.campaign.consoles import Console
from benchmarks.campaign.fault import kind
from benchmarks.campaign.world import World

UP_WITHIN = 30.0
"""Seconds until a started console shows something, on a machine that is busy."""


def _await_second(world: World) -> Console:
    """Another console, once it shows the run."""
    second = world.start_console()
    world.until(lambda: second.last.get("link") == "connected" or not second.alive, UP_WITHIN)
    return second


@kind("kill")
def kill(world: World) -> str | None:
    """SIGKILL; another console is started by whoever looks after things."""
    console = world.conductor
    if console is None:
        return None
    console.send(signal.SIGKILL)
    console.wait(10)
    return f"{console.name} killed"


@kind("nap")
def nap(world: World) -> str | None:
    """Stopped for a moment and continued: a laptop's lid, a VM that moves."""
    console = world.conductor
    if console is None:
        return None
    seconds = world.chance.uniform(0.2, 2.5)
    console.send(signal.SIGSTOP)
    time.sleep(seconds)
    console.send(signal.SIGCONT)
    return f"{console.name} stopped for {seconds:.1f} s"


@kind("freeze")
def freeze(world: World) -> str | None:
    """Stopped, its sessions are ended by a person, another console takes over and works; then it is continued."""
    console = world.conductor
    if console is None:
        return None
    console.send(signal.SIGSTOP)
    everything = world.chance.random() < 0.5
    world.note(f"{console.name} frozen")
    second = _await_second(world)
    ended = world.terminate("true" if everything else "application_name = 'zdtui chaos'", {console.name})
    world.until(lambda: second.conducts or not second.alive, 15)
    place = second.last.get("sequence", 0) + world.chance.randrange(1, 25)
    world.until(lambda: second.last.get("sequence", 0) >= place or world.finished, world.chance.uniform(0.5, 4))
    console.send(signal.SIGCONT)
    return f"{console.name} frozen, {len(ended)} sessions ended, {second.name} took over, {console.name} thawed"


@kind("rival")
def rival(world: World) -> str | None:
    """Two consoles: the first is told to leave or loses its sessions, so that they take over from each other."""
    console = world.conductor
    if console is None:
        return None
    second = _await_second(world)
    way = world.chance.choice(["leave", "go", "terminate"])
    if way == "terminate":
        world.terminate("true", {console.name})
        world.until(lambda: second.conducts or console.conducts, 10)
        world.terminate("application_name = 'zdtui chaos'", {second.name} if second.conducts else {console.name})
    else:
        console.say(way)
    world.until(lambda: second.conducts or console.conducts, 10)
    return f"{second.name} beside {console.name}, which was told: {way}"


@kind("pause")
def pause(world: World) -> str | None:
    """The operator presses p; and goes on."""
    console = world.conductor
    if console is None:
        return None
    console.say("pause")
    return f"{console.name} paused"


def _signalled(world: World, number: signal.Signals) -> str | None:
    console = world.conductor
    if console is None:
        return None
    console.send(number)
    ended = console.wait(20)
    if not ended:
        world.sampler.seen.append(f"{console.name} lives 20 s after {number.name}: {console.last}")
        console.send(signal.SIGKILL)
        console.wait(10)
    return f"{console.name} got {number.name}"


@kind("sigterm")
def sigterm(world: World) -> str | None:
    """SIGTERM: it lets go of the run and ends."""
    return _signalled(world, signal.SIGTERM)


@kind("sighup")
def sighup(world: World) -> str | None:
    """SIGHUP: the line is gone."""
    return _signalled(world, signal.SIGHUP)


@kind("sigint")
def sigint(world: World) -> str | None:
    """SIGINT to a program without a screen: it ends as Python does."""
    return _signalled(world, signal.SIGINT)
