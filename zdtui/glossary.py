"""The words of zdtui that are not PostgreSQL's: behind `?` in the console, and docs/glossary.md is made of them.

`python -m zdtui.glossary` prints that page.
"""

from typing import NamedTuple


class Term(NamedTuple):
    """A word and what it means here, for somebody who has never seen it."""

    word: str
    meaning: str


GLOSSARY = (
    Term(
        "gap",
        "A moment in which no session holds a lock that conflicts with ours. zdtui waits for one outside the "
        "lock queue, so that nobody waits behind it, and takes its locks then.",
    ),
    Term(
        "queue ceiling",
        "The longest that a statement of ours may stand in PostgreSQL's lock queue, where others wait behind "
        "it (lock_queue_ceiling; [ and ] change it).",
    ),
    Term(
        "held",
        "The step stopped at a safe point and waits for a person: R goes on, B rolls back, S skips.",
    ),
    Term(
        "in doubt",
        "A statement outside a transaction was with the server when the connection ended, and neither the "
        "catalog nor the step's verify tells whether it took effect. A person looks and says so.",
    ),
    Term(
        "proposal",
        "A plan that a program or a colleague put into proposals/, with a note of who and for whom. None of its "
        "steps runs before a person has read it to its last line; who did is in the journal.",
    ),
    Term(
        "armed",
        "A person confirmed the step beforehand. It starts by itself in the next quiet moment, once, within "
        "the time that was chosen; p disarms it.",
    ),
    Term(
        "guard",
        "A limit on a figure (replication lag, blocked sessions, the oldest transaction). Over it, or when "
        "the figure cannot be seen, the step is held until a person goes on.",
    ),
    Term(
        "throttle",
        "A limit that slows a backfill down and lets it go on by itself. A guard stops; a throttle slows.",
    ),
    Term(
        "stripe",
        "A share of the rows of a range of pages. A backfill changes one stripe after another, so that "
        "PostgreSQL can reuse the room of the old row versions in between, and the table hardly grows.",
    ),
    Term(
        "sweep",
        "A second way through a table that was filled by page, for the rows that moved to another page meanwhile.",
    ),
    Term(
        "closing look",
        "One query over the whole table in one snapshot, before a backfill or copy is DONE, for rows that it "
        "has missed.",
    ),
    Term(
        "rejected row",
        "A row that the server refuses to change or copy. zdtui keeps it with the error in zdtui.rejected and "
        "goes on; T tries it again once it was put right.",
    ),
    Term(
        "hazard",
        "Something a statement will do that hurts the application or loses data. A hazard is a note, a "
        "warning or a stop.",
    ),
    Term(
        "stop",
        "A hazard that blocks its step until an operator acknowledges it.",
    ),
    Term(
        "acknowledge",
        "To say, with a reason that the journal keeps, that a hazard or a broken journal is known and the run "
        "goes on all the same (H, J).",
    ),
    Term(
        "point of no return",
        "A step that no rollback brings back, such as dropping a column. It looks different and wants its id typed.",
    ),
    Term(
        "soak",
        "A time that must pass before the next step (wait). It is counted in the journal, so that it survives "
        "a restart.",
    ),
    Term(
        "unused",
        "A step that soaks and then reads every statement the server has counted meanwhile. It is DONE only when none "
        "uses the column or table, and all was seen; else it is held with the list.",
    ),
)


def page() -> str:
    """docs/glossary.md."""
    rows = "\n".join(f"| **{term.word}** | {term.meaning} |" for term in GLOSSARY)
    return (
        "# Glossary\n\n"
        "The words of zdtui that are not PostgreSQL's. `?` in the console shows them too.\n\n"
        "| word | what it means |\n|---|---|\n"
        f"{rows}\n"
    )


if __name__ == "__main__":
    import sys

    sys.stdout.write(page())
