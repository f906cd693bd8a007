"""The terminal's title and the tmux window's name: 'zdtui 5/11 63% PAUSED'. Pure."""

import os

from screens.text import Drawable, cut, drawable
from zdtui.run.decisions.snapshot import Snapshot

LONGEST = 60


def title_for(snapshot: Snapshot) -> Drawable:
    """Steps done, share of the one under way, the verdict's word."""
    activity = snapshot.activity
    share = ""
    if activity is not None and activity.progress is not None and activity.progress.fraction is not None:
        share = f" {min(99, int(activity.progress.fraction * 100))}%"
    paused = "PAUSED" if snapshot.run.pause_by is not None and activity is None else snapshot.verdict.word.upper()
    done = f"{snapshot.steps_over}/{len(snapshot.plan.steps)}"
    return Drawable(cut(drawable(f"zdtui {done}{share} {paused} {snapshot.plan.name}"), LONGEST))


TITLE_KEPT = "\x1b[22;2t"
"""XTWINOPS: the terminal puts its title by; inside tmux the pane's."""


def title_back_sequence() -> str:
    """The title is again what was put by; inside tmux or screen the window names itself again."""
    window = "\x1bk\x1b\\" if os.environ.get("TMUX") or os.environ.get("STY") else ""
    return f"\x1b[23;2t{window}"


def set_title_sequence(text: Drawable) -> str:
    """OSC 2 for the terminal; the window's name too inside tmux or screen."""
    window = f"\x1bk{text}\x1b\\" if os.environ.get("TMUX") or os.environ.get("STY") else ""
    return f"\x1b]2;{text}\x07{window}"
