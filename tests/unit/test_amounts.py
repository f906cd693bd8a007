"""One form for each figure: what the forms are, and that nobody else makes one."""

import ast
import re
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zdtui import amounts

ROOT = Path(__file__).parents[2]
SHAPED = re.compile(r"[,_]|\.\d+[feg%]|%$")
"""A format that decides how many figures are seen, or how thousands are set apart."""
ELSEWHERE = {
    "zdtui/amounts.py": "the place",
    "zdtui/postgres/table_locks/take_locks.py": "an interval in SQL, for the server",
}


def shaped_figures(source: str) -> list[tuple[int, str]]:
    """Where an f-string, `format` or `%` gives a figure a form of its own."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FormattedValue) and node.format_spec is not None:
            spec = "".join(str(each.value) for each in ast.walk(node.format_spec) if isinstance(each, ast.Constant))
            if SHAPED.search(spec) and not spec.startswith("%"):
                found.append((node.lineno, spec))
    return found


@pytest.mark.parametrize(
    "path", [each for folder in ("zdtui", "screens") for each in sorted((ROOT / folder).rglob("*.py"))], ids=str
)
def test_no_module_says_a_figure_in_its_own_way(path: Path) -> None:
    name = path.relative_to(ROOT).as_posix()
    if name not in ELSEWHERE:
        assert shaped_figures(path.read_text("utf-8")) == [], "zdtui.amounts says figures"


def test_the_look_for_shaped_figures_finds_them() -> None:
    assert shaped_figures('f"{rows:,} and {seconds:.1f} s and {share:.0%}"') != []
    assert shaped_figures('f"{at:%H:%M} {number:>{digits}} {number:02d}"') == []


@pytest.mark.parametrize(
    ("said", "form"),
    [
        (amounts.number(14719), "14 719"),
        (amounts.number(2100.2), "2 100"),
        (amounts.roughly(41_000), "41 k"),
        (amounts.roughly(1_250_000), "1.2 M"),
        (amounts.roughly(940), "940"),
        (amounts.age(0.43), "0.4 s"),
        (amounts.age(106.35), "1m46s"),
        (amounts.age(timedelta(hours=3, minutes=5)), "3h05m"),
        (amounts.age(9.97), "10 s"),
        (amounts.took(0.012), "12 ms"),
        (amounts.took(106.35), "1m46s"),
        (amounts.took(0.9999), "1.0 s"),
        (amounts.limit(timedelta(milliseconds=200)), "200 ms"),
        (amounts.limit(timedelta(seconds=10)), "10 s"),
        (amounts.limit(1.5), "1.5 s"),
        (amounts.limit(timedelta(minutes=90)), "1h30m"),
        (amounts.limit(600), "10m"),
        (amounts.limit(0), "0 s"),
        (amounts.size(8192), "8.0 kB"),
        (amounts.size(88 * 1024**2), "88 MB"),
        (amounts.size(41 * 1024**3), "41 GB"),
        (amounts.size(0), "0 B"),
        (amounts.share(0.039), "3 %"),
        (amounts.share(0.9999), "99 %"),
        (amounts.share(1), "100 %"),
        (amounts.times(2.44), "2.4 x"),
    ],
)
def test_the_forms(said: str, form: str) -> None:
    assert said == form


@given(seconds=st.floats(0, 1e8))
def test_an_age_and_what_took_as_long_are_the_same_from_a_second_on_and_stay_in_seven_columns(seconds: float) -> None:
    assert len(amounts.age(seconds)) <= 7 or seconds > 1e7
    if seconds >= 1:
        assert amounts.took(seconds) == amounts.age(seconds)
