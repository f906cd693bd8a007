"""Runs of the plan under faults, one after the other, on one pair of servers."""

import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from benchmarks.campaign import faults_consoles, faults_network, faults_screens, faults_server
from benchmarks.campaign.fault import KINDS, Kind
from benchmarks.campaign.links import Links
from benchmarks.campaign.moments import Moment
from benchmarks.campaign.servers import Pair, may_mount, sweep_mounts, unmount_below
from benchmarks.campaign.truth import unfinished, violations
from benchmarks.campaign.world import World
from zdtui.demo.folders import claim_folder, sweep_leftovers

ROOMS = (faults_consoles, faults_network, faults_screens, faults_server)
"""The modules that put their kinds into the list."""
FOLDERS = "zdtui-chaos"
MOST = 10
"""Faults in one run of the plan."""
COSTLY = 0.3
"""How often a fault that costs seconds is drawn, beside the others."""
FEW = 8
"""Where fewer kinds were chosen, each is drawn as often as the others."""
UNLOCK = "unlock-all"
"""A step of the plan itself lets go of every advisory lock."""


@dataclass(frozen=True, slots=True)
class Extent:
    """How much is done, and of what."""

    faults: int
    seed: int
    kinds: tuple[str, ...] = ()
    """Empty: all that can be had here."""
    stride: int = 1
    """Between the seeds of two runs: several campaigns share one row of seeds."""
    runs: int | None = None
    """Stop after so many runs of the plan."""
    most: int = MOST
    rootless: bool = False
    """Without what needs root: disks of our own."""
    tells_all: bool = False
    """The record of every run is told, not only of those that violate something."""


@dataclass
class Result:
    """What became of it."""

    faults: int = 0
    runs: int = 0
    violations: list[dict[str, object]] = field(default_factory=list)
    by_kind: Counter[str] = field(default_factory=Counter)
    interventions: int = 0


def kinds_here(chosen: Sequence[str], rootless: bool = False) -> list[Kind]:
    """The kinds that can be had on this machine; SystemExit with a sentence for a name that is none."""
    unknown = [name for name in chosen if name not in KINDS and name != UNLOCK]
    if unknown:
        raise SystemExit(f"no kind {unknown[0]}; there are {', '.join(sorted([*KINDS, UNLOCK]))}")
    here = [each for each in KINDS.values() if not each.needs_root or (may_mount() and not rootless)]
    return [each for each in here if not chosen or each.name in chosen]


def campaign(extent: Extent, said: Callable[[str], None]) -> Result:
    """Runs until so many faults have struck."""
    result = Result()
    sweep_mounts(FOLDERS)
    sweep_leftovers(FOLDERS)
    folder = claim_folder(FOLDERS)
    links = Links()
    pair: Pair | None = None
    try:
        pair = Pair.create(folder.path, links, disks=may_mount() and not extent.rootless)
        seed = extent.seed
        while result.faults < extent.faults and (extent.runs is None or result.runs < extent.runs):
            one_run(extent, seed, World(pair, links, folder.path, seed, _rude(extent, seed)), result, said)
            seed += extent.stride
    finally:
        if pair is not None:
            pair.stop()
        links.stop()
        unmount_below(folder.path)
        folder.remove()
    return result


def _rude(extent: Extent, seed: int) -> bool:
    """Whether this run's plan has the step that lets go of the lock."""
    if extent.kinds:
        return UNLOCK in extent.kinds
    return random.Random(f"rude {seed}").random() < 0.3


def one_run(extent: Extent, seed: int, world: World, result: Result, said: Callable[[str], None]) -> None:
    """One run of the plan, its faults, and the look at it from outside."""
    began = time.monotonic()
    struck: list[str] = []
    try:
        world.tend()
        drawn = _drawn(extent, seed)
        while len(struck) < min(extent.most, extent.faults - result.faults) and not world.finished:
            kind, moment = next(drawn)
            moment.wait(world)
            if world.finished:
                break
            began_at = time.monotonic() - began
            what = kind.strike(world)
            if what is not None:
                struck.append(f"{kind.name} ({moment}): {what}")
                world.note(f"{struck[-1]} [from {began_at:.2f}]")
                result.by_kind[kind.name] += 1
        stuck = world.come_to_the_end()
        world.application.end()
        if world.rude:
            result.by_kind[UNLOCK] += 1
            struck.append(f"{UNLOCK}: by a step of the plan")
        found = [stuck, *unfinished(world)] if stuck else _looked(world)
    finally:
        world.close()
    result.runs += 1
    result.faults += len(struck)
    result.interventions += len(world.interventions)
    if found:
        result.violations.append({"seed": seed, "differs": found, "faults": struck, "record": world.said})
    words = f"{len(found)} VIOLATIONS" if found else "clean"
    said(f"seed {seed}: {len(struck)} faults, {words}, {time.monotonic() - began:.0f} s; {result.faults} in all")
    for line in found:
        said(f"    {line}")
    if found or extent.tells_all:
        for line in world.said:
            said(f"        {line}")


def _looked(world: World) -> list[str]:
    try:
        return violations(world)
    except Exception as error:  # noqa: BLE001 (what cannot be looked at is a violation, and the next run goes on)
        world.pair.dirty = True
        return [f"could not look: {type(error).__name__}: {error}"]


def _drawn(extent: Extent, seed: int) -> Iterator[tuple[Kind, Moment]]:
    chance = random.Random(seed)
    kinds = kinds_here(extent.kinds, extent.rootless)
    while True:
        bag = [each for each in kinds if not each.costly or len(kinds) < FEW or chance.random() < COSTLY]
        chance.shuffle(bag)
        for each in bag:
            yield each, Moment.drawn(chance)


def progress(line: str) -> None:
    """To stderr, at once."""
    sys.stderr.write(line + "\n")
    sys.stderr.flush()


__all__ = ["Extent", "Result", "campaign", "kinds_here", "progress"]
