"""The commit-msg hook: a subject of at most 72 characters, then an empty line, then the why.

`git log --oneline`, mail and web pages cut what is longer. Git gives the hook the file that holds the message.
"""

import sys
from pathlib import Path

LONGEST = 72
CUT = "# ------------------------ >8 ------------------------"
"""Below this line `git commit --verbose` shows the change; it is no part of the message."""


def complaint(message: str) -> str:
    """What is wrong with a commit's message, in a sentence; empty when nothing is."""
    kept = message.split(CUT, 1)[0].splitlines()
    lines = [line.rstrip() for line in kept if not line.startswith("#")]
    while lines and not lines[0]:
        del lines[0]
    if not lines:
        return ""  # git itself refuses an empty message
    subject = lines[0]
    if len(subject) > LONGEST:
        return (
            f"the subject has {len(subject)} characters, and at most {LONGEST} are shown everywhere: "
            f"say what changes in fewer words, and why in the body\n  {subject[:LONGEST]}|{subject[LONGEST:]}"
        )
    if len(lines) > 1 and lines[1]:
        return "the second line has to be empty: it parts the subject from the body"
    return ""


def main() -> int:
    """0 when the message may stay, 1 with a sentence when it may not."""
    wrong = complaint(Path(sys.argv[1]).read_text("utf-8"))
    if wrong:
        sys.stderr.write(f"{wrong}\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
