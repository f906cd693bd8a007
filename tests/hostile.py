"""Texts that mean harm to a terminal, a parser of markup or a reader, for every way in and out."""

import unicodedata

from hypothesis import strategies as st

ATTACKS = (
    "\x1b]52;c;ZXZpbA==\x07",  # the clipboard
    "\x1b]0;evil\x07",  # the title
    "\x1b]8;;http://evil\x1b\\x\x1b]8;;\x1b\\",  # a link
    '\x1bP$q"p\x1b\\',  # a request the terminal answers as if it were typed
    "\x1b_Gi=31;AAAA\x1b\\",  # a picture
    "\x1b[6n\x1b[c\x1b[21t",
    "\x1b[2J\x1b[H\x1b[3J",
    "\x1b[?1049l\x1b[?1000h",
    "\x1bc\x1b#8",
    "\x9b2J\x9d52;c;ZXZpbA==\x9c\x90q\x9c",
    "\x08\x08\x0e\x0f\x7f\x05\x07\x0b\x0c\x85",
    "\r\n\r",
    "\u202edrawkcab\u202c\u2066x\u2069\u200b\u200e\ufeff\u2028\u2029\u00ad",
    "z\u0336" + "\u0301" * 200,
    "\u3164\ufe0f\U000e0041",
    "\udc9b\udcff\ud800",
    "\x1b",
    "\x1b[",
    "\x1b]",
    "[/b][@click=app.quit]x[/][red",
)
"""Each would do something if a terminal, or a parser of markup, were given it."""
ATTACK = " ".join(ATTACKS)
HOSTILE = st.lists(st.one_of(st.sampled_from(ATTACKS), st.text(max_size=8)), max_size=4).map("".join)
"""Any text, most of them with an attack in it."""
STORABLE = HOSTILE.map(lambda text: "".join(letter for letter in text if letter != "\0" and not _is_surrogate(letter)))
"""Those that a UTF-8 database and a UTF-8 file can hold."""


def _is_surrogate(letter: str) -> bool:
    return unicodedata.category(letter) == "Cs"


def acts(text: str) -> str:
    """Every character of a text that a terminal acts on or nobody sees, line breaks aside: '' for one that is safe."""
    return "".join(
        letter
        for letter in text
        if letter != "\n" and unicodedata.category(letter) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")
    )
