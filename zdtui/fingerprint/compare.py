"""Two looks at a database compared, object by object. Pure."""

import difflib

from zdtui.fingerprint.dump_text import SECRETIVE
from zdtui.fingerprint.fingerprint import Fingerprint, Key
from zdtui.fingerprint.verdict import ButFor, Change, Difference, Named, Verdict, VerdictKind

MOST_LINES = 40
"""Of one difference."""


def compare(before: Fingerprint, after: Fingerprint) -> Verdict:
    """What is said of the later look: whether the database is what it was."""
    if before.made_with != after.made_with:
        return Verdict.unknown(f"they were not seen the same way: {before.made_with}, then {after.made_with}")
    differences = tuple(_differences(before, after))
    but_for = tuple(_positions(before, after))
    unread = tuple(dict.fromkeys((*before.unread, *after.unread)))
    if differences:
        kind = VerdictKind.DIFFERS
    elif unread:
        kind = VerdictKind.UNKNOWN
    else:
        kind = VerdictKind.EXACT_BUT if but_for else VerdictKind.EXACT
    return Verdict(kind=kind, but_for=but_for, differences=differences, told=_holes(before, after), unread=unread)


def _differences(before: Fingerprint, after: Fingerprint) -> list[Difference]:
    found = []
    for key in sorted(before.facts.keys() | after.facts.keys()):
        was, now = before.facts.get(key), after.facts.get(key)
        if was != now:
            found.append(_difference(key, was, now))
    return found


def _difference(key: Key, was: str | None, now: str | None) -> Difference:
    kind, name = key
    change = Change.MISSING if now is None else Change.LEFT if was is None else Change.OTHER
    if kind in SECRETIVE:
        return Difference(kind=kind, name=name, change=change, lines=("its text may hold a password and is not shown",))
    written = list(difflib.unified_diff((was or "").splitlines(), (now or "").splitlines(), lineterm="", n=0))[2:]
    lines = [f"{line[0]} {line[1:]}" for line in written if not line.startswith("@@")]
    more = [f"and {len(lines) - MOST_LINES} more lines"] if len(lines) > MOST_LINES else []
    return Difference(kind=kind, name=name, change=change, lines=(*lines[:MOST_LINES], *more))


def _positions(before: Fingerprint, after: Fingerprint) -> list[Named]:
    return [
        Named(what=ButFor.SEQUENCE_POSITION, of=f"{name}: {was}, now {after.positions[name]}")
        for name, was in sorted(before.positions.items())
        if name in after.positions and after.positions[name] != was
    ]


def _holes(before: Fingerprint, after: Fingerprint) -> tuple[str, ...]:
    return tuple(
        f"{now - before.holes.get(table, 0)} more dropped columns leave a gap in {table}"
        for table, now in sorted(after.holes.items())
        if now > before.holes.get(table, 0)
    )
