"""Which part this console plays in a run: the journal is read from event 1, joined, and what was cut off is settled.

Nothing is done on the word of a journal that is not whole, that cannot be written, or that somebody else could have
made: what is wrong is said, and looked for again whenever a person asks for something.
"""

from dataclasses import dataclass, field, replace
from uuid import UUID

from zdtui import __version__
from zdtui.errors import JournalError, JournalRefusedError, TargetError
from zdtui.postgres.sessions.identity import ServerIdentity
from zdtui.run.decisions.change_plan import why_missing
from zdtui.run.decisions.recovery import question, settle
from zdtui.run.engine.read_only import ReadOnly
from zdtui.run.engine.sessions import Sessions
from zdtui.run.engine.state import EngineState
from zdtui.run.engine.step_runner import StepRunner
from zdtui.run.execute.recovery_probe import gather
from zdtui.run.journal import store as journal
from zdtui.run.journal.end_of_retry import end_of_retry
from zdtui.run.journal.layout import LAYOUT, unreadable, unwritable
from zdtui.run.model import effects as f
from zdtui.run.model import events as e
from zdtui.run.model.state import StepStatus
from zdtui.run.preflight.server_change import server_change


@dataclass
class Joining:
    """Says in the engine's state what this console is in the run, who else holds it, and how the journal is."""

    state: EngineState
    runner: StepRunner
    """Goes on with a soak after a restart."""
    owed: bool = False
    """The run was read, and could not be joined yet."""
    layout: int = 0
    read_only: ReadOnly = field(default_factory=ReadOnly)

    async def look(self, sessions: Sessions) -> None:
        """Look at the journal before anything of it is touched. Raises JournalError when it must not be."""
        facts = await journal.journal_facts(sessions.journal)
        if (reason := unreadable(facts)) is not None:
            raise JournalError(reason)
        facts = await self.read_only.look(sessions, facts, idle=self.state.working is None)
        self.layout = facts.layout
        self.state.journal_looked_at(facts.installed, unwritable(facts) or "")
        if facts.standing.in_recovery and self.state.recorder.is_open:
            raise TargetError(self.state.cannot_write)

    def check_same_server(self, identity: ServerIdentity) -> None:
        """A console that is at work goes on through a failover, but not on another server. Raises TargetError."""
        change = server_change(self.state.recorder.state, identity)
        if change is not None and change.other_system:
            raise TargetError(f"this is not the server the run began on: {change.what}")
        if change is not None or self.state.recorder.damage is None:
            self.state.recorder.ledger.server = "" if change is None else change.what

    async def look_again(self, sessions: Sessions) -> None:
        """Before a person's word is acted on: is the journal still whole, and can it be written?"""
        await self.look(sessions)
        recorder = self.state.recorder
        if recorder.is_open:
            await recorder.read(sessions.journal)
        if self.owed and self.state.is_conductor and recorder.damage is None:
            await self._join(sessions, restored=False)

    async def resume(self, sessions: Sessions, *, restored: bool) -> None:
        """Become the conductor of the plan's newest run, if there is one, else of one that is yet to begin."""
        recorder = self.state.recorder
        run = recorder.run if recorder.is_open else await self._latest_run(sessions)
        self.state.conduct()
        if run is None:
            return
        recorder.open(run)
        await recorder.read(sessions.journal)
        if recorder.damage is not None:
            self.state.observe()
            self.owed = True
            return
        await self._join(sessions, restored=restored)

    async def look_on(self, sessions: Sessions) -> None:
        """Somebody else holds the run: show what the journal says, and who it is."""
        self.state.observe()
        holder = await journal.holder(sessions.journal)
        self.state.held_by(None if holder is None else str(holder))
        if not self.state.journal_installed:
            await self.look(sessions)
        run = await self._latest_run(sessions)
        if self.state.recorder.is_open and self.state.recorder.run != run:
            await self.state.recorder.read(sessions.journal)
            if self.state.recorder.damage is not None:
                return
            self.state.forget_run()
        if run is None:
            return
        self.state.recorder.open(run)
        if not await self.state.recorder.is_as_seen(sessions.journal):
            await self.look(sessions)
            await self.state.recorder.read(sessions.journal)

    async def watch_over(self, sessions: Sessions) -> None:
        """Of a console that holds the run and idles: what happens to its journal is seen without being asked for."""
        recorder = self.state.recorder
        if not recorder.is_open or self.owed or recorder.damage is not None:
            return
        recorder.attach(sessions.journal, sessions.backend)
        if self.state.working is None and not await recorder.is_as_seen(sessions.journal):
            await self.look(sessions)
            await recorder.read(sessions.journal)

    async def accept(self, sessions: Sessions, accepted: e.JournalAccepted) -> None:
        """Take the journal on as it is, and go on from what it says. Raises JournalError."""
        await self.look(sessions)
        if self.state.cannot_write:
            raise JournalError(self.state.cannot_write)
        if not await sessions.take_lock():
            holder = await journal.holder(sessions.journal)
            raise JournalError(f"the run is held by {holder or 'another session'}")
        if self.layout < LAYOUT:
            await journal.install(sessions.working)
            await self.look(sessions)
        await self.state.recorder.accept(sessions.journal, sessions.backend, accepted)
        self.state.conduct()
        await self._join(sessions, restored=False)

    async def _latest_run(self, sessions: Sessions) -> UUID | None:
        return await sessions.latest_run(self.state.plan.name) if self.state.journal_installed else None

    async def _join(self, sessions: Sessions, *, restored: bool) -> None:
        """Say in the journal that this console holds the run, and settle what was cut off.

        What the journal does not take is owed: a person is told why, and it is done once it does.
        """
        recorder, self.owed = self.state.recorder, True
        if self.state.cannot_write:
            return
        try:
            if self.layout < LAYOUT:
                await journal.install(sessions.working)
                await self.look(sessions)
            recorder.attach(sessions.journal, sessions.backend)
            self._tell_of_another_server(sessions.identity)
            if restored:
                recorder.note(_restored(sessions))
            else:
                await self.join(sessions)
            await self._amend()
            await self._settle(sessions, "the connection was lost" if restored else "the console was gone")
        except JournalRefusedError as error:
            self.state.cannot_be_written(self.state.cannot_write or str(error))
            return
        self.owed = False
        self.write_what_was_kept()

    async def join(self, sessions: Sessions) -> None:
        """Journal that this console holds the run now."""
        who = sessions.identity
        await self.state.recorder.before(
            e.ConsoleJoined(
                pid=sessions.backend.pid,
                client=f"zdtui {__version__}",
                system_identifier=who.system_identifier,
                timeline=who.timeline,
            )
        )

    def keep_note(self, text: str) -> None:
        """Until there is a run to write it in."""
        self.state.early_notes = (*self.state.early_notes, text)

    def keep_reading(self, read: e.StepRead) -> None:
        """The same for a step of a proposal that was read."""
        kept = self.state.not_journaled
        self.state.not_journaled = replace(kept, readings=(*kept.readings, read))

    def write_what_was_kept(self) -> None:
        """Who proposed the plan, what was read of it here, and notes: into this run, whoever has begun it."""
        kept, recorder = self.state.not_journaled, self.state.recorder
        proposal = kept.proposal_over(recorder.state.proposal)
        if proposal is not None and proposal != recorder.state.proposal:
            recorder.note(e.PlanProposed.of(proposal))
        self.state.not_journaled = replace(kept, readings=())
        for read in kept.readings:
            recorder.note(read)
        notes, self.state.early_notes = self.state.early_notes, ()
        for text in notes:
            self.state.recorder.note(e.NoteAdded(text=text))

    def _tell_of_another_server(self, now: ServerIdentity) -> None:
        change = server_change(self.state.recorder.state, now)
        if change is None:
            return
        what = f"{change.what}; the journal is whole up to event {self.state.recorder.state.sequence} on it"
        self.state.recorder.note(
            e.ServerChanged(what=what, system_identifier=now.system_identifier, timeline=now.timeline)
        )
        self.state.recorder.ledger.server = ""
        self.state.refuse(what)

    async def _amend(self) -> None:
        run = self.state.recorder.state
        if self.state.amend_reason is None or run.plan_digest == self.state.plan.digest:
            return
        if (missing := why_missing(run, self.state.plan)) is not None:
            raise JournalError(missing)
        await self.state.recorder.before(
            e.PlanAmended(
                plan_digest=self.state.plan.digest,
                plan_text=self.state.plan.source,
                step_ids=tuple(step.id for step in self.state.plan.steps),
                reason=self.state.amend_reason,
            )
        )

    async def _settle(self, sessions: Sessions, why: str) -> None:
        """Say where a step stands that was cut off; a soak goes on by itself, because it runs no SQL.

        Where a fault of ours cut it off, nothing goes on without a person, a soak neither.
        """
        fell = self.state.looked_after_fall()
        why, kind = (why, e.HoldKind.CONNECTION) if fell is None else (fell, e.HoldKind.FAULT)
        run = self.state.recorder.state
        for step, each in run.steps.items():
            if each.retrying:
                ended = await end_of_retry(sessions.working, self.state.recorder.run, step, f"{why}, by the checkpoint")
                await self.state.recorder.before(ended)
        asked = question(self.state.plan, run) if self._knows_all_steps() else None
        if asked is not None:
            found = await gather(sessions.working, self.state.recorder.run, asked)
            for event in settle(asked, found, why, kind):
                await self.state.recorder.before(event)
            return
        current = run.current
        if current is not None and fell is not None and run.step(current).status is StepStatus.RUNNING:
            await self.state.recorder.before(e.StepHeld(step=current, why=kind, detail=fell))
        elif current is not None and run.step(current).status is StepStatus.RUNNING and self._knows_all_steps():
            again = e.StepStarted(
                step=current,
                direction=e.Direction.FORWARD,
                attempt=run.step(current).attempt,
                sql_digest=run.step(current).confirmed_digest,
                confirmed_by="journal",
            )
            self.runner.start([f.Perform(again, journaled=True)])

    def _knows_all_steps(self) -> bool:
        known = {step.id for step in self.state.plan.steps}
        current = self.state.recorder.state.current
        return current is None or current in known


def _restored(sessions: Sessions) -> e.ConnectionRestored:
    who = sessions.identity
    return e.ConnectionRestored(
        pid=sessions.backend.pid, system_identifier=who.system_identifier, timeline=who.timeline
    )
