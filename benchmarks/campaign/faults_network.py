"""Faults of the network between a console and the server."""

import time

from benchmarks.campaign.consoles import Console
from benchmarks.campaign.fault import kind
from benchmarks.campaign.world import World


def _struck(world: World) -> Console | None:
    console = world.conductor
    return console if console is not None and console.link.flows else None


@kind("cut")
def cut(world: World) -> str | None:
    """Both ends are reset."""
    console = _struck(world)
    if console is None:
        return None
    console.link.cut()
    return f"{console.name} cut off"


@kind("cut-and-refused")
def cut_and_refused(world: World) -> str | None:
    """Both ends are reset, and for some seconds nobody comes in."""
    console = _struck(world)
    if console is None:
        return None
    seconds = world.chance.uniform(0.5, 3.0)
    console.link.become(refuses=True)
    console.link.cut()
    time.sleep(seconds)
    console.link.become()
    return f"{console.name} cut off and refused for {seconds:.1f} s"


@kind("black-hole")
def black_hole(world: World) -> str | None:
    """What is connected is forgotten, for ever, without a word; new connections come through after some seconds."""
    console = _struck(world)
    if console is None:
        return None
    seconds = world.chance.uniform(0.5, 5.0)
    console.link.become(loses=True)
    time.sleep(seconds)
    console.link.become()
    return f"{console.name} in a black hole for {seconds:.1f} s, its sessions for ever"


@kind("held-back")
def held_back(world: World) -> str | None:
    """Nothing arrives for some seconds, in both directions; then all of it does."""
    console = _struck(world)
    if console is None:
        return None
    seconds = world.chance.uniform(0.5, 6.0)
    console.link.become(holds=True)
    time.sleep(seconds)
    console.link.become()
    return f"{console.name} heard nothing for {seconds:.1f} s, then all of it"


@kind("half-open-here")
def half_open_here(world: World) -> str | None:
    """The server's ends are reset; the console hears nothing of it."""
    console = _struck(world)
    if console is None:
        return None
    console.link.cut(client=False)
    return f"the server lost {console.name}, which hears nothing"


@kind("half-open-there")
def half_open_there(world: World) -> str | None:
    """The console's ends are reset; the server hears nothing of it, and goes on holding what it holds."""
    console = _struck(world)
    if console is None:
        return None
    console.link.cut(server=False)
    return f"{console.name} lost the server, which hears nothing"


@kind("slow")
def slow(world: World) -> str | None:
    """A line of a few kilobytes a second."""
    console = _struck(world)
    if console is None:
        return None
    seconds, speed = world.chance.uniform(1.0, 4.0), world.chance.choice([4_000, 20_000, 80_000])
    console.link.become(bytes_per_second=float(speed))
    time.sleep(seconds)
    console.link.become()
    return f"{console.name} had {speed} bytes a second for {seconds:.1f} s"


@kind("delayed")
def delayed(world: World) -> str | None:
    """A server in another town, or on another continent."""
    console = _struck(world)
    if console is None:
        return None
    seconds, delay = world.chance.uniform(1.0, 4.0), world.chance.choice([0.02, 0.1, 0.4])
    console.link.become(delay=delay)
    time.sleep(seconds)
    console.link.become()
    return f"{console.name} was {delay * 1000:.0f} ms away for {seconds:.1f} s"
