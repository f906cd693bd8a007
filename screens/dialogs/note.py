"""A remark for the journal."""

from screens.dialogs.frame.base import Dialog
from screens.dialogs.frame.now import Now
from screens.dialogs.frame.sheet import Fact, Sheet, Write
from screens.would_send import ANY_WORDS, refusal
from zdtui.run.decisions.snapshot import Snapshot
from zdtui.run.model.commands import AddNote, Command
from zdtui.run.model.events import NoteAdded

SHOWN = 5
"""Earlier notes shown."""


def note_sheet(snapshot: Snapshot) -> Sheet:
    """Where the note goes, and those before it."""
    notes = [line for line in snapshot.run.log if isinstance(line.event, NoteAdded)][-SHOWN:]
    before = tuple(
        Fact(f"{line.at:%H:%M}", f"{line.operator}: {line.event.text}")
        for line in notes
        if isinstance(line.event, NoteAdded)
    )
    early = tuple(Fact("kept", text) for text in snapshot.early_notes)
    goes = "into the journal and the report, with the time and your name"
    if snapshot.run.opened is None:
        goes = "into the journal when it begins, with the first step; leave before that, and it is gone"
    return Sheet(
        title="Add a note to the journal",
        asks=(Write("write the note"),),
        facts=(*before, *early, Fact("goes", goes)),
        production=snapshot.is_production,
        obstacle=refusal(snapshot, AddNote(ANY_WORDS)),
    )


class NoteDialog(Dialog):
    """Asks for the words."""

    def sheet(self, snapshot: Snapshot, now: Now) -> Sheet:
        """See `note_sheet`."""
        return note_sheet(snapshot)

    def command(self, given: tuple[str, ...]) -> Command | None:
        """AddNote."""
        return AddNote(given[-1])
