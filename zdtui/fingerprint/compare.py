"""Two looks at a database compared, object by object. Pure."""

import difflib
from collections import defaultdict
from collections.abc import Iterator

from zdtui.counted import counted
from zdtui.fingerprint.dump_text import SECRETIVE
from zdtui.fingerprint.fingerprint import Fingerprint, Key
from zdtui.fingerprint.likeness import Likeness, likeness, renamed
from zdtui.fingerprint.verdict import ButFor, Change, Difference, Named, Verdict, VerdictKind
from zdtui.postgres.encoding import whole

MOST_LINES = 40
"""Of one difference."""
TABLES = frozenset({"TABLE", "FOREIGN TABLE"})
CONSTRAINTS = frozenset({"CONSTRAINT", "FK CONSTRAINT", "CHECK CONSTRAINT"})
HAVE_CONSTRAINTS = TABLES | CONSTRAINTS | {"DOMAIN"}
NAME_CONSTRAINTS = frozenset({"INDEX ATTACH", "PLACE", "CONSTRAINT TRIGGER"})
"""Kinds that say the name of somebody else's constraint, or of its index, and no other name that could be the same."""


def compare(before: Fingerprint, after: Fingerprint) -> Verdict:
    """What is said of the later look: whether the database is what it was."""
    if before.made_with != after.made_with:
        return Verdict.unknown(f"they were not seen the same way: {before.made_with}, then {after.made_with}")
    facts = _Facts(before, after)
    facts.pass_over_column_order()
    facts.pass_over_constraint_names()
    differences = (*facts.differences(), *_rows(before, after))
    but_for = (*facts.but_for, *_positions(before, after))
    unread = tuple(dict.fromkeys((*before.unread, *after.unread, *_not_summed_again(before, after))))
    if differences:
        kind = VerdictKind.DIFFERS
    elif unread:
        kind = VerdictKind.UNKNOWN
    else:
        kind = VerdictKind.EXACT_BUT if but_for else VerdictKind.EXACT
    return Verdict(kind=kind, but_for=but_for, differences=differences, told=_holes(before, after), unread=unread)


class _Facts:
    """The objects that are another, missing or left; fewer after each thing that may be passed over."""

    def __init__(self, before: Fingerprint, after: Fingerprint) -> None:
        self.was = {key: text for key, text in before.facts.items() if after.facts.get(key) != text}
        self.now = {key: text for key, text in after.facts.items() if before.facts.get(key) != text}
        self.but_for: list[Named] = []

    def pass_over_column_order(self) -> None:
        """Tables whose columns stand in another order, and constraints in their lists that have another name."""
        for key in sorted(self.was.keys() & self.now.keys()):
            if key[0] not in HAVE_CONSTRAINTS:
                continue
            was, now = likeness(self.was[key]), likeness(self.now[key])
            if was.whatever_the_order == now.whatever_the_order:
                if was.columns != now.columns:
                    self.but_for.append(Named(what=ButFor.COLUMN_ORDER, of=whole(key[1])))
                self._name(key, was, now)
                del self.was[key], self.now[key]

    def pass_over_constraint_names(self) -> None:
        """Constraints of their own that are as they were under another name, and what speaks of them by name."""
        alike: dict[tuple[str, Likeness], list[Key]] = defaultdict(list)
        for key in sorted(key for key in self.now.keys() - self.was.keys() if key[0] in CONSTRAINTS):
            seen = likeness(self.now[key])
            alike[key[0], Likeness(seen.columns, seen.others, ())].append(key)
        names: dict[str, str] = {}
        for key in sorted(key for key in self.was.keys() - self.now.keys() if key[0] in CONSTRAINTS):
            was = likeness(self.was[key])
            if candidates := alike[key[0], Likeness(was.columns, was.others, ())]:
                found = candidates.pop(0)
                names |= self._name(key, was, likeness(self.now[found]))
                del self.was[key], self.now[found]
        self._pass_over_mentions(names)

    def differences(self) -> Iterator[Difference]:
        """What is left, by kind and name."""
        for key in sorted(self.was.keys() | self.now.keys()):
            yield _difference(key, self.was.get(key), self.now.get(key))

    def _name(self, key: Key, was: Likeness, now: Likeness) -> dict[str, str]:
        """Tell which constraints have another name."""
        table = key[1].rpartition(" ")[0] if key[0] in CONSTRAINTS else key[1]
        gone = sorted(set(was.named) - set(now.named))
        came = sorted(set(now.named) - set(was.named))
        names = {old: new for (_, old), (_, new) in zip(gone, came, strict=False)}
        told = [f"{old} of {table} is now {new}" for old, new in names.items()]
        self.but_for += [Named(what=ButFor.CONSTRAINT_NAME, of=whole(each)) for each in told]
        return names

    def _pass_over_mentions(self, names: dict[str, str]) -> None:
        if not names:
            return
        for key in [key for key in self.was if _mentions_constraints(key)]:
            kind, name = key
            translated = kind, renamed(name, names)
            if self.now.get(translated) == renamed(self.was[key], names):
                del self.was[key], self.now[translated]


def _mentions_constraints(key: Key) -> bool:
    kind, name = key
    return kind in NAME_CONSTRAINTS or (kind == "COMMENT" and ".CONSTRAINT " in name)


def _difference(key: Key, was: str | None, now: str | None) -> Difference:
    kind, name = key[0], whole(key[1])
    change = Change.MISSING if now is None else Change.LEFT if was is None else Change.OTHER
    if kind in SECRETIVE:
        return Difference(kind=kind, name=name, change=change, lines=("its text may hold a password and is not shown",))
    written = list(difflib.unified_diff((was or "").splitlines(), (now or "").splitlines(), lineterm="", n=0))[2:]
    said = [line for line in written if not line.startswith("@@")]
    lines = [whole(f"{line[0]} {line[1:]}") for line in said if line[1:].strip()] or ["only blank lines are another"]
    more = [f"and {counted(len(lines) - MOST_LINES, 'more line')}"] if len(lines) > MOST_LINES else []
    return Difference(kind=kind, name=name, change=change, lines=(*lines[:MOST_LINES], *more))


def _positions(before: Fingerprint, after: Fingerprint) -> Iterator[Named]:
    for name, was in sorted(before.positions.items()):
        now = after.positions.get(name, was)
        if now != was:
            yield Named(what=ButFor.SEQUENCE_POSITION, of=whole(f"{name} was at {was} and is at {now}"))


def _rows(before: Fingerprint, after: Fingerprint) -> Iterator[Difference]:
    for table, was in sorted(before.data.items()):
        now = after.data.get(table)
        if now is None or now == was or now.columns != was.columns:
            continue
        told = (f"- {counted(was.rows, 'row')}", f"+ {counted(now.rows, 'row')}")
        lines = told if was.rows != now.rows else ("as many rows, with other values",)
        yield Difference(kind="ROWS", name=whole(table), change=Change.OTHER, lines=lines)


def _not_summed_again(before: Fingerprint, after: Fingerprint) -> Iterator[str]:
    for table, was in sorted(before.data.items()):
        now = after.data.get(table)
        if now is None or now.columns != was.columns:
            why = "they were not summed" if now is None else "other columns were summed"
            yield f"the rows of {whole(table)} could not be compared: {why} the second time"


def _holes(before: Fingerprint, after: Fingerprint) -> tuple[str, ...]:
    more = {table: now - before.holes.get(table, 0) for table, now in sorted(after.holes.items())}
    return tuple(
        f"{counted(holes, 'more dropped column')} in {whole(table)}, which nothing takes away"
        for table, holes in more.items()
        if holes > 0
    )
