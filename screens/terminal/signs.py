"""Notices for the terminal itself: OSC 9 (iTerm2, Windows Terminal, kitty, WezTerm) and OSC 777 (urxvt, foot). Pure."""

import os
from collections.abc import Iterator, Sequence

from screens.text import Drawable
from zdtui.notify.notice import Notice, sentence_of, title_of


def sequences(notice: Notice, signs: Sequence[str]) -> Iterator[str]:
    """What to write for these signs. A `;` would end a part of it, and has no place in a notice."""
    title, body = (Drawable(text.replace(";", ",")) for text in (title_of(notice), sentence_of(notice)))
    if "osc9" in signs:
        yield _through_tmux(f"\x1b]9;{title}: {body}\x07")
    if "osc777" in signs:
        yield _through_tmux(f"\x1b]777;notify;{title};{body}\x07")


def _through_tmux(sequence: str) -> str:
    """As tmux passes it on, where `allow-passthrough` is on."""
    if not os.environ.get("TMUX"):
        return sequence
    return "\x1bPtmux;" + sequence.replace("\x1b", "\x1b\x1b") + "\x1b\\"
