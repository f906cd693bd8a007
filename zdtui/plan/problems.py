"""What is wrong with a plan file, each with its place; all of them at once."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cached_property

from zdtui.drawable import drawable
from zdtui.errors import PlanError, Problem

MOST_SHOWN = 50
MOST_COUNTED = 1000
"""A file with more problems than this is no plan; the rest is not looked for."""
WIDEST = 120
LINE_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
"""What YAML counts as the end of a line."""


def line_starts(text: str) -> list[int]:
    """Where each line of a YAML text begins."""
    return [0, *(found.end() for found in LINE_BREAK.finditer(text))]


@dataclass
class Problems:
    """Collected while a file is read."""

    path: str
    text: str = ""
    found: dict[Problem, None] = field(default_factory=dict)
    """A set that keeps its order."""

    @cached_property
    def lines(self) -> list[str]:
        """The lines of the file."""
        return LINE_BREAK.split(self.text)

    @cached_property
    def line_starts(self) -> list[int]:
        """Where each line of the file begins."""
        return line_starts(self.text)

    @property
    def full(self) -> bool:
        """True once there is no point in looking further."""
        return len(self.found) >= MOST_COUNTED

    def add(self, line: int, column: int, sentence: str) -> None:
        """Note a problem; the same one is noted once."""
        if not self.full:
            self.found[Problem(line, column, drawable(sentence))] = None

    def error(self) -> PlanError:
        """What is raised for it."""
        return PlanError(self.render(), tuple(sorted(self.found)))

    def render(self) -> str:
        """Every problem with its line and a caret, in the order of the file."""
        ordered = sorted(self.found)
        lines = [line for problem in ordered[:MOST_SHOWN] for line in self._one(problem)]
        if len(ordered) > MOST_SHOWN:
            lines.append(f"and {len(ordered) - MOST_SHOWN}{' or' * self.full} more")
        return "\n".join(lines)

    def _one(self, problem: Problem) -> Iterator[str]:
        yield f"{drawable(self.path)}:{problem.line}:{problem.column}: {problem.sentence}"
        if not 0 < problem.line <= len(self.lines):
            return
        line = self.lines[problem.line - 1]
        shown = drawable(line)
        at = len(drawable(line[: problem.column - 1]))
        start = max(0, at + 1 - WIDEST // 2)
        yield f"    {shown[start : start + WIDEST]}".rstrip()
        yield f"    {' ' * (at - start)}^"


def did_you_mean(word: str, known: tuple[str, ...]) -> str:
    """'; did you mean x?' for a near miss, else what there is to choose from."""
    near = get_close_matches(word, known, n=1, cutoff=0.6)
    return f"; did you mean `{near[0]}`?" if near else f"; known are {', '.join(known)}"
