"""Faults of the network between a console and the server."""

import time
from collections.abc import Callable

from benchmarks.campaign.consoles import Console
from benchmarks.campaign.fault import kind
from benchmarks.campaign.world import World

Spoil = Callable[[World, Console], str]
"""Does something to the console's link, puts it right again where it would be, and says what it was."""


def link_fault(name: str) -> Callable[[Spoil], Spoil]:
    """A kind that strikes the link of the console that holds the run, unless nothing flows through it anyway."""

    def put(spoil: Spoil) -> Spoil:
        def strike(world: World) -> str | None:
            console = world.conductor
            return None if console is None or not console.link.flows else f"{console.name} {spoil(world, console)}"

        kind(name)(strike)
        return spoil

    return put


def _for_a_while(world: World, console: Console, most: float, least: float = 0.5, **weather: float | bool) -> str:
    """This weather for some seconds; how long."""
    seconds = world.chance.uniform(least, most)
    console.link.become(**weather)
    time.sleep(seconds)
    console.link.become()
    return f"for {seconds:.1f} s"


@link_fault("cut")
def cut(world: World, console: Console) -> str:
    """Both ends are reset."""
    console.link.cut()
    return "was cut off"


@link_fault("cut-and-refused")
def cut_and_refused(world: World, console: Console) -> str:
    """Both ends are reset, and for some seconds nobody comes in."""
    console.link.become(refuses=True)
    console.link.cut()
    return f"was cut off and refused {_for_a_while(world, console, 3.0, refuses=True)}"


@link_fault("black-hole")
def black_hole(world: World, console: Console) -> str:
    """What is connected is forgotten, for ever, without a word; new connections come through after some seconds."""
    return f"was in a black hole {_for_a_while(world, console, 5.0, loses=True)}, its sessions for ever"


@link_fault("held-back")
def held_back(world: World, console: Console) -> str:
    """Nothing arrives for some seconds, in both directions; then all of it does."""
    return f"heard nothing {_for_a_while(world, console, 6.0, holds=True)}, then all of it"


@link_fault("half-open-here")
def half_open_here(world: World, console: Console) -> str:
    """The server's ends are reset; the console hears nothing of it."""
    console.link.cut(client=False)
    return "was lost by the server, and hears nothing of it"


@link_fault("half-open-there")
def half_open_there(world: World, console: Console) -> str:
    """The console's ends are reset; the server hears nothing of it, and goes on holding what it holds."""
    console.link.cut(server=False)
    return "lost the server, which hears nothing of it"


@link_fault("slow")
def slow(world: World, console: Console) -> str:
    """A line of a few kilobytes a second."""
    speed = world.chance.choice([4_000, 20_000, 80_000])
    return f"had {speed} bytes a second {_for_a_while(world, console, 4.0, 1.0, bytes_per_second=float(speed))}"


@link_fault("delayed")
def delayed(world: World, console: Console) -> str:
    """A server in another town, or on another continent."""
    delay = world.chance.choice([0.02, 0.1, 0.4])
    return f"was {delay * 1000:.0f} ms away {_for_a_while(world, console, 4.0, 1.0, delay=delay)}"
