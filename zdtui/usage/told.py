"""Who uses it, as a person reads it. Pure; passwords are struck out where it is printed."""

from collections.abc import Iterable, Iterator
from typing import assert_never

from zdtui.amounts import number
from zdtui.counted import counted
from zdtui.usage.usage import Dependent, StatementUse, Usage, Verdict

SHOWN = 160
"""Characters of a statement in a list."""


def lines(usage: Usage, shown: int = SHOWN) -> Iterator[str]:
    """The whole list, for a terminal."""
    yield heading(usage)
    yield from _statements("read or written by:", usage.statements, shown)
    yield from _statements("could not be read, which counts as use:", usage.unread, shown)
    gone = [each for each in usage.dependents if not each.in_the_way or each.of_the_plan]
    yield from _dependents("depends on it, and has to be looked after first:", usage.in_the_way)
    yield from _dependents("goes with it:", gone)
    yield from _sentences("not everything was seen:", usage.not_seen)
    yield from _sentences("beside it:", usage.notes)


def heading(usage: Usage) -> str:
    """'public.users.name is in use: 3 statements since 2026-11-27 10:00 UTC'."""
    since = "" if usage.since is None else f", counted since {usage.since:%Y-%m-%d %H:%M} UTC"
    match usage.verdict:
        case Verdict.IN_USE:
            return f"{usage.subject} is in use: {'; '.join(_numbers(usage))}{since}"
        case Verdict.NOT_KNOWN:
            return f"whether {usage.subject} is used is not known{since}"
        case Verdict.UNUSED:
            return f"nothing uses {usage.subject}{since}"
        case _ as never:
            assert_never(never)


def _numbers(usage: Usage) -> Iterator[str]:
    if usage.statements:
        yield counted(len(usage.statements), "statement")
    if usage.unread:
        yield f"{counted(len(usage.unread), 'statement')} that could not be read"
    if usage.in_the_way:
        yield counted(len(usage.in_the_way), "thing that depends on it", "things that depend on it")


def _statements(heading: str, found: tuple[StatementUse, ...], shown: int) -> Iterator[str]:
    if found:
        yield heading
    for each in found:
        yield f"  {call(each)}"
        if each.text:
            yield f"      {cut(each.text, shown)}"


def call(use: StatementUse) -> str:
    """'1 204 calls by app: reads users.name'."""
    return f"{counted(use.calls, 'call', shown=number(use.calls))} by {use.role}: {use.why}"


def cut(text: str, shown: int = SHOWN) -> str:
    """The statement in one line, shortened."""
    line = " ".join(text.split())
    return line if len(line) <= shown else f"{line[: shown - 1]}…"


def _dependents(heading: str, found: Iterable[Dependent]) -> Iterator[str]:
    told = [f"  {dependent(each)}" for each in found]
    if told:
        yield heading
        yield from told


def dependent(each: Dependent) -> str:
    """'function public.f(integer): reads users.name'."""
    why = f": {each.why}" if each.why else ""
    return f"{each.what}{why}{' (the plan itself looks after it)' if each.of_the_plan else ''}"


def _sentences(heading: str, found: tuple[str, ...]) -> Iterator[str]:
    if found:
        yield heading
        yield from (f"  {each}" for each in found)
