"""What a terminal is told, taken apart: the kinds of control sequences in a stream of bytes."""

import re

SEQUENCES = re.compile(
    r"\x1b\[(?P<private>[<-?]?)(?P<params>[0-9;:]*)(?P<between>[ -/]*)(?P<final>[@-~])"
    r"|\x1b\](?P<osc>\d+);(?P<text>[^\x00-\x1f\x7f-\x9f]*)(?:\x07|\x1b\\)"
    r"|\x1b(?P<plain>[()*+][0-9A-Za-z]|[=>78cDEHMNOZ])"
)
CONTROLS = re.compile(r"[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]")
"""What a drawn line never holds: C0 but CR and LF, C1, characters of no width, direction overrides."""


def sequences(raw: bytes) -> set[str]:
    """Each kind once: `CSI ?1049h` with its numbers where they are modes, `CSI m` without, `OSC 2`, `ESC (B`."""
    return {_kind(found) for found in SEQUENCES.finditer(raw.decode("utf-8", "strict"))}


def rest(raw: bytes) -> list[str]:
    """Every control character that belongs to no whole sequence, with what stands around it."""
    text = SEQUENCES.sub("", raw.decode("utf-8", "strict"))
    return [text[max(0, each.start() - 20) : each.end() + 20] for each in CONTROLS.finditer(text)]


def _kind(found: re.Match[str]) -> str:
    if found["osc"]:
        return f"OSC {found['osc']}"
    if found["plain"]:
        return f"ESC {found['plain']}"
    numbers = found["params"] if found["final"] in "hl" else ""
    return f"CSI {found['private']}{numbers}{found['between']}{found['final']}"
