"""What is wrong with a plan file, each with its place; all of them at once."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches

MOST_SHOWN = 50
WIDEST = 120


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One sentence about one place. Lines and columns count from 1."""

    line: int
    column: int
    sentence: str


@dataclass
class Problems:
    """Collected while a file is read."""

    path: str
    text: str = ""
    found: list[Problem] = field(default_factory=list)

    def add(self, line: int, column: int, sentence: str) -> None:
        """Note a problem; the same one is noted once."""
        problem = Problem(line, column, sentence)
        if problem not in self.found:
            self.found.append(problem)

    def render(self) -> str:
        """Every problem with its line and a caret, in the order of the file."""
        ordered = sorted(self.found)
        lines = [line for problem in ordered[:MOST_SHOWN] for line in self._one(problem)]
        if len(ordered) > MOST_SHOWN:
            lines.append(f"and {len(ordered) - MOST_SHOWN} more")
        return "\n".join(lines)

    def _one(self, problem: Problem) -> Iterator[str]:
        yield f"{self.path}:{problem.line}:{problem.column}: {problem.sentence}"
        source = self.text.split("\n")
        if not 0 < problem.line <= len(source):
            return
        shown = printable(source[problem.line - 1])
        start = max(0, problem.column - WIDEST // 2)
        yield f"    {shown[start : start + WIDEST]}"
        yield f"    {' ' * (problem.column - 1 - start)}^"


def printable(text: str) -> str:
    """The text with every control character replaced by a space, so that it keeps its columns."""
    return "".join(character if character.isprintable() else " " for character in text)


def did_you_mean(word: str, known: tuple[str, ...]) -> str:
    """'; did you mean x?' for a near miss, else what there is to choose from."""
    near = get_close_matches(word, known, n=1, cutoff=0.6)
    return f"; did you mean `{near[0]}`?" if near else f"; known are {', '.join(known)}"
