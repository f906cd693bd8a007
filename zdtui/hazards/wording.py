"""Effects and hazards in words, the same in the console and in `zdtui check`. Pure; not yet safe to draw."""

from collections.abc import Collection, Iterable
from itertools import islice

from zdtui.hazards.hazard import Finding, Severity
from zdtui.sql.effects import Effects, Lock
from zdtui.sql.lock_modes import LockMode
from zdtui.sql.text.name import Name

MOST_NAMED = 3
"""Relations named in one sentence; the rest are counted."""


def effects_line(finding: Finding) -> str:
    """'ACCESS EXCLUSIVE on orders (traced) · rewrites orders · scans orders': what matters, the strongest first."""
    effects = finding.effects
    if not effects.known:
        return "unknown statement: the strongest lock is assumed"
    parts = [_locks(effects, _how_sure(finding)), *_work(effects)]
    if not effects.transactional:
        parts.append("not in a transaction")
    return " · ".join(part for part in parts if part)


def taking(findings: Iterable[Finding]) -> list[Finding]:
    """Those by which one says what a step takes: the strongest lock first, and none that takes none beside others.

    'no table locks' above 'SHARE ROW EXCLUSIVE on orders' would read as if the one denied the other.
    """
    strongest_first = sorted(findings, key=lambda each: -_strength(each.effects))
    return [each for each in strongest_first if _takes_any(each.effects)] or strongest_first


def _strength(effects: Effects) -> int:
    if not effects.known:
        return LockMode.ACCESS_EXCLUSIVE.strength
    unnamed = [] if effects.unnamed is None else [effects.unnamed.mode.strength]
    return max([*unnamed, *(lock.mode.strength for lock in effects.locks)], default=0)


def _takes_any(effects: Effects) -> bool:
    """Whether there is a lock to name, or a doubt whether there is one; or work that is worth a word."""
    return bool(_strength(effects) or not effects.certain or _work(effects))


def blocks_line(effects: Effects) -> str:
    """Who has to wait meanwhile: 'while it holds its locks nobody can read or write orders'; empty when nobody does.

    What cannot be named counts too: 'nobody can read or write what depends on it'.
    """
    reads, writes = effects.blocks_reads, effects.blocks_writes
    only_writes = tuple(name for name in writes if name not in reads)
    parts = [f"read or write {some(reads)}" if reads else "", f"write {some(only_writes)}" if only_writes else ""]
    if (unnamed := effects.unnamed) is not None and unnamed.mode.conflicts_with(LockMode.ROW_EXCLUSIVE):
        also = "read or write" if unnamed.mode.conflicts_with(LockMode.ACCESS_SHARE) else "write"
        parts.append(f"{also} {unnamed.what}")
    cannot = ", or ".join(part for part in parts if part)
    return f"while it holds its locks nobody can {cannot}" if cannot else ""


def worst_line(finding: Finding) -> str:
    """The worst hazard that nobody silenced and how many more there are; empty when there is none."""
    worst = finding.worst
    if worst is None:
        return ""
    loud = sum(1 for each in finding.hazards if each.silenced is None)
    more = f" and {loud - 1} more" if loud > 1 else ""
    return f"{worst.severity} {worst.rule}{more}"


def counts_line(findings: tuple[Finding, ...]) -> str:
    """'1 stop, 2 warn, 1 silenced'; empty when there is nothing to say."""
    hazards = [hazard for finding in findings for hazard in finding.hazards]
    loud = [hazard for hazard in hazards if hazard.silenced is None]
    counts = [(sum(1 for each in loud if each.severity is severity), str(severity)) for severity in Severity]
    counts.append((len(hazards) - len(loud), "silenced"))
    return ", ".join(f"{count} {word}" for count, word in counts if count)


def _how_sure(finding: Finding) -> str:
    """What is said behind the locks: a trace alone makes nothing certain that is not."""
    if not finding.effects.certain:
        return " (at the worst)"
    if not finding.traced:
        return ""
    return " (predicted or traced)" if finding.disagreements else " (traced)"


def _locks(effects: Effects, sure: str) -> str:
    shown = sorted(effects.locks, key=lambda lock: -lock.mode.strength)
    strong = [lock for lock in shown if lock.mode is not LockMode.ACCESS_SHARE] or shown
    parts = [_named(strong)] if strong else []
    if effects.unnamed is not None:
        parts.append(f"{effects.unnamed.mode} on {effects.unnamed.what}")
    if not parts and effects.absent and not sure:
        verb = "is" if len(effects.absent) == 1 else "are"
        return f"nothing to lock: {some(effects.absent)} {verb} not there"
    if not parts:
        return f"no table locks{sure}" if effects.certain else "locks not known"
    return f"{' and '.join(parts)}{sure}"


def _named(locks: list[Lock]) -> str:
    more = f" and {len(locks) - MOST_NAMED} more" if len(locks) > MOST_NAMED else ""
    return f"{', '.join(_by_mode(locks[:MOST_NAMED]))}{more}"


def _by_mode(locks: list[Lock]) -> list[str]:
    modes = dict.fromkeys(lock.mode for lock in locks)
    return [f"{mode} on {', '.join(str(lock.relation) for lock in locks if lock.mode is mode)}" for mode in modes]


def _work(effects: Effects) -> list[str]:
    parts = []
    if effects.rewrites:
        parts.append(f"rewrites {some(effects.rewrites)}")
    elif effects.unnamed is not None and effects.unnamed.rewritten:
        parts.append("may rewrite it")
    scans = tuple(name for name in effects.scans if name not in effects.rewrites)
    if scans:
        parts.append(f"scans {some(scans)}")
    if effects.rebuilds:
        parts.append(f"rebuilds {some(effects.rebuilds)}")
    return parts


def some(names: Collection[Name]) -> str:
    """'a, b, c and 2 more', in the order they come in; of a set, by name. Of many no more is read than is said."""
    ordered = sorted(names, key=str) if isinstance(names, set | frozenset) else names
    first = ", ".join(map(str, islice(ordered, MOST_NAMED)))
    return first + (f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else "")
