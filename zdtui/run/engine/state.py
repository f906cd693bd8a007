"""What the engine's parts share. One loop owns it, so there are no locks.

Each field has one module that sets it: this one, by methods named for what happened, or the one whose work it is.
"""

import asyncio
import contextlib
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random

from zdtui.errors import TargetError
from zdtui.evidence.under_way import UnderWay
from zdtui.owned_tasks import Fault, OwnedTasks
from zdtui.plan.model import Plan, Step, StepId
from zdtui.plan.secrets import mask_of
from zdtui.postgres.sessions.connect import Target
from zdtui.postgres.sessions.identity import BackendKey, ServerIdentity
from zdtui.postgres.sessions.link import cut
from zdtui.postgres.sessions.session import backend_pid
from zdtui.run.decisions.decision import EngineEvent
from zdtui.run.decisions.view import RunView, next_step
from zdtui.run.engine.own_backends import OwnBackends
from zdtui.run.engine.sessions import Sessions
from zdtui.run.execute.control import Stop
from zdtui.run.execute.lock_watch import LockWatch
from zdtui.run.execute.work import Work
from zdtui.run.figures.guards import Blind, Breach, blind, breaches, unseen
from zdtui.run.figures.history import History
from zdtui.run.figures.sight import Sight
from zdtui.run.figures.standbys import Standbys, looked
from zdtui.run.journal.recorder import Recorder
from zdtui.run.journal.store import Connection
from zdtui.run.locks.blocking_cost import BlockingCost
from zdtui.run.model import commands as c
from zdtui.run.model import events as e
from zdtui.run.model.console import ConnectionState, ConsoleRole, session_name
from zdtui.run.model.faults import Faults
from zdtui.run.model.plan_events import NotJournaled
from zdtui.run.preflight.appraisal import Appraisal
from zdtui.run.preflight.board import Board
from zdtui.run.throttle.of_step import blind_ahead
from zdtui.watch.details import Looked, Subject
from zdtui.watch.samples import Samples


@dataclass
class EngineState:
    """One plan, one target, and where things stand with them."""

    plan: Plan
    target: Target
    operator: str
    changed: Callable[[], None]
    """Called after anything a screen shows may be different."""
    samples: Callable[[], Samples] = Samples
    watch_pids: Callable[[], frozenset[int]] = frozenset
    """Backends of the watcher, which are ours too."""
    look_now: Callable[[], None] = lambda: None
    """Has the panes look at once where they wait to try again."""
    amend_reason: str | None = None
    is_rehearsal: bool = False  # the journal is a rehearsal's; a step tells what it counted as soon as it is over
    random: Random = field(default_factory=Random)

    inbox: asyncio.Queue[c.Command | EngineEvent] = field(default_factory=asyncio.Queue)
    """What the conductor has still to act on."""
    sessions: Sessions | None = None
    former: BackendKey | None = None
    """The backend of the working session that was lost while this console held the run: ours to end."""
    own_backends: OwnBackends = field(default_factory=OwnBackends)
    last_identity: ServerIdentity | None = None
    """Of the newest session, also while there is none."""
    console_role: ConsoleRole = ConsoleRole.OBSERVER
    connection_state: ConnectionState = ConnectionState.LOST
    connection_detail: str = "connecting"
    lock_holder: str | None = None
    journal_installed: bool = False
    cannot_write: str = ""  # why the journal cannot be, by the catalogs; empty: it can, as far as they tell
    rejoin: str = ""
    """Why the sessions are to be opened anew, once nothing works: the server says that we do not hold the run."""
    early_notes: tuple[str, ...] = ()
    not_journaled: NotJournaled = field(default_factory=NotJournaled)
    board: Board | None = None
    appraisal: Appraisal | None = None
    under_way: UnderWay | None = None
    throttle_level: c.ThrottleLevel = c.ThrottleLevel.NORMAL
    ceiling_set: timedelta | None = None
    """The queue's ceiling as the operator turned it; None: as the plan says."""
    refusal: str | None = None
    refusal_count: int = 0
    leaving: str | None = None
    work: Work | None = None
    lock_watch: LockWatch | None = None
    not_quiet: str = ""
    standbys: Standbys = field(default_factory=Standbys)
    looking_with: Sessions | None = None
    looking_since: float = 0.0
    """time.monotonic() when first looked with these: the panes need a moment after each reconnect."""
    working: StepId | None = None
    """The step the performer has been given, from the moment of the decision until it is all over."""
    ending: bool = False
    """That step is over, and its session is being put back as it was opened; whoever acts next waits for that."""
    history: History = field(default_factory=History)
    looked: Looked | None = None
    """What a person has opened: `zdtui.run.engine.detailing` brings it up to date."""
    look_changed: asyncio.Event = field(default_factory=asyncio.Event)
    fault: str | None = None
    """What failed in this console, until a person has answered it with a step, a rollback or a skip."""
    fell: str | None = None
    """The fault that ended a performer, until where its step stands has been looked up on a new session."""

    def __post_init__(self) -> None:
        self.tasks = OwnedTasks(self.told_of)
        self.faults = Faults(
            events=lambda: [(line.at, line.event.kind) for line in self.recorder.state.log],
            server_version=lambda: self.last_identity.version_number if self.last_identity else 0,
        )
        self.forget_run()

    def new_recorder(self) -> Recorder:
        """A recorder that has seen nothing yet."""
        return Recorder(
            operator=self.operator_and_role,
            clock=lambda: datetime.now(UTC),
            changed=self.changed,
            fenced=self._fenced,
            told=self.told_of,
            stopped=self._stopped,
            said=self.refuse,
            mask=mask_of(self.plan),
        )

    @property
    def operator_and_role(self) -> str:
        """'ana@bastion as migrator', once the role is known."""
        return f"{self.operator} as {self.last_identity.role}" if self.last_identity else self.operator

    @property
    def open_sessions(self) -> Sessions:
        """The sessions. Raises TargetError while they are lost."""
        if self.sessions is None:
            raise TargetError("the connection to the server is lost; it is being restored")
        return self.sessions

    @property
    def own_pids(self) -> frozenset[int]:
        """Backends of this console: the conductor's, its workers' and the watcher's."""
        beside = frozenset(backend_pid(each) for each in self.work.beside) if self.work else frozenset()
        return (self.sessions.pids if self.sessions else frozenset()) | beside | self.watch_pids()

    @property
    def is_conductor(self) -> bool:
        """Whether this console holds the run's lock."""
        return self.console_role is ConsoleRole.CONDUCTOR

    @property
    def is_connected(self) -> bool:
        """Whether the conductor's own connection stands."""
        return self.connection_state is ConnectionState.CONNECTED

    @property
    def breached_guards(self) -> tuple[Breach, ...]:
        """Guards over their limit in the newest samples, or without a figure for too long."""
        samples = self.samples()
        return (*breaches(self.plan.guards, samples), *unseen(self.plan.guards, samples, self.sight()))

    def sight(self) -> Sight:
        """What figures are judged by now. Remembers which standbys streamed."""
        now = time.monotonic()
        if self.looking_with is not self.sessions or not self.looking_since:
            self.looking_with, self.looking_since = self.sessions, now
        run = self.recorder.state
        self.standbys = looked(self.standbys, self.samples().replication, run.standbys)
        return Sight(now, self.looking_since, self.standbys.gone, run.blindness)

    @property
    def unseen_guards(self) -> tuple[Blind, ...]:
        """Guards that have no figure at this moment, and that nobody accepted to be without."""
        return blind(self.plan.guards, self.samples(), self.sight())

    def unseen_figures(self) -> tuple[Blind, ...]:
        """Every such figure, of the guards and of the throttle of the step at work or ahead; each once."""
        step = self.work.step if self.work is not None else next_step(self.plan, self.recorder.state)
        ahead = () if step is None else blind_ahead(self.plan, step, self.samples(), self.sight())
        throttle = () if self.work is None or self.work.throttling is None else self.work.throttling.blind()
        found = (*self.unseen_guards, *ahead, *throttle)
        return tuple({(each.figure, each.unseen.about): each for each in reversed(found)}.values())[::-1]

    def queue_ceiling(self, step: Step | None) -> timedelta:
        """The longest a strong lock of the step is queued for, now."""
        if self.ceiling_set is not None:
            return self.ceiling_set
        return (step.limits if step is not None else self.plan.defaults).lock_queue_ceiling

    def view(self) -> RunView:
        """How things stand, now."""
        work, watch, sessions, sight = self.work, self.lock_watch, self.sessions, self.sight()
        run, samples = self.recorder.state, self.samples()
        return RunView(
            plan=self.plan,
            run=run,
            operator=self.operator,
            console_role=self.console_role,
            lock_holder=self.lock_holder,
            leaving=self.leaving,
            connection_state=self.connection_state,
            connection_detail=self.connection_detail,
            identity=self.last_identity,
            conductor_backend=None if sessions is None else sessions.backend,
            working=None if self.ending else self.working,
            activity=None if work is None else work.activity,
            blockers=() if watch is None else watch.blockers,
            blocked_for=0.0 if watch is None else watch.blocked_for,
            blocking_cost=self.blocking_cost,
            throttle_level=self.throttle_level,
            queue_ceiling=self.queue_ceiling(next_step(self.plan, run) if work is None else work.step),
            not_quiet=self.not_quiet,
            early_notes=self.early_notes,
            not_journaled=self.not_journaled,
            board=self.board,
            findings=None if self.appraisal is None else self.appraisal.findings,
            hazards_note="" if self.appraisal is None else self.appraisal.note,
            evidence=None if self.appraisal is None else self.appraisal.evidence,
            under_way=self.under_way,
            samples=samples,
            looked=self.looked,
            history=self.history,
            breached_guards=self.breached_guards,
            unseen_figures=tuple(each for each in self.unseen_figures() if not sight.is_brief(each.unseen)),
            missing_standbys=tuple(self.standbys.gone),
            journal_installed=self.journal_installed,
            damage=self.recorder.damage,
            cannot_write=self.cannot_write,
            write_refused=self.recorder.refused,
            fault=self.fault,
            refusal=self.refusal,
            refusal_count=self.refusal_count,
            now=sight.now,
            wall=datetime.now(UTC),
        )

    def submit(self, intent: c.Command | EngineEvent) -> None:
        """Put a command, or what a part has noticed, into the inbox; call it on the engine's own loop."""
        self.inbox.put_nowait(intent)

    # -- what this console is in the run -----------------------------------------------------------------------

    def conduct(self) -> None:
        """This console holds the run."""
        self.console_role, self.lock_holder = ConsoleRole.CONDUCTOR, None

    def observe(self) -> None:
        """This console looks on."""
        self.console_role = ConsoleRole.OBSERVER

    def held_by(self, holder: str | None) -> None:
        """Another console holds the run, or nobody does."""
        self.lock_holder = holder

    # -- the connection ----------------------------------------------------------------------------------------

    def connected(self) -> None:
        """Every session stands, and where the run stands is known."""
        self.connection_state, self.connection_detail, self.rejoin = ConnectionState.CONNECTED, "", ""
        self.changed()

    def reopen(self, why: str) -> None:
        """The sessions are to be opened anew, once nothing works."""
        self.rejoin = why

    def stay_lost(self, why: str) -> None:
        """There is no connection yet, for this reason."""
        self.connection_state, self.connection_detail = ConnectionState.LOST, why
        self.changed()

    def lose(self, why: str) -> None:
        """The session is gone: say so at once; the heartbeat restores it."""
        if not self.is_connected:
            return
        self.connection_state, self.connection_detail, self.rejoin = ConnectionState.LOST, why, ""
        if self.is_conductor and self.sessions is not None:
            self.former = self.sessions.backend
        self.recorder.detach()
        if self.sessions is not None:
            cut(self.sessions.journal)  # or a step waits for a write that is never answered, and we wait for the step
        if self.is_conductor and self.recorder.state.opened is not None:
            self.recorder.note(e.ConnectionLost(message=why))
        self.changed()

    # -- the journal -------------------------------------------------------------------------------------------

    def journal_looked_at(self, installed: bool, cannot_write: str) -> None:
        """By the catalogs: is there a journal, and why can it not be written? Empty: it can."""
        self.journal_installed, self.cannot_write = installed, cannot_write

    def journal_made(self) -> None:
        """The journal is there from now on."""
        self.journal_installed = True

    def cannot_be_written(self, why: str) -> None:
        """The journal must not be touched, or the server did not take what was written."""
        self.cannot_write = why

    def forget_run(self) -> None:
        """Another run of the plan has begun: what was seen of the one before is of no use."""
        self.recorder = self.new_recorder()

    # -- the step under way, and what fails ----------------------------------------------------------------------

    @property
    def blocking_cost(self) -> BlockingCost:
        """What the step under way has cost other sessions."""
        return BlockingCost() if self.lock_watch is None else self.lock_watch.blocking_cost

    @property
    def last_blockers(self) -> tuple[str, ...]:
        """Who held up its statement when last looked, each as 'pid application'."""
        return () if self.lock_watch is None else self.lock_watch.last_blockers

    async def open_worker(self) -> Connection:
        """Another session for batches, where the plan asks for workers. Raises TargetError."""
        return await self.own_backends.open(self.target, session_name(f"{self.plan.name} worker"))

    async def open_throttle(self) -> Connection:
        """A session for what the plan's throttle asks; the other three are in use while a step works."""
        return await self.own_backends.open(self.target, "zdtui throttle")

    def fall(self, fault: Fault) -> str:
        """A performer failed: where its step stands is looked up before anything goes on. The sentence."""
        self.fell = self.told_of(fault)
        return self.fell

    def looked_after_fall(self) -> str | None:
        """What made a performer fail, once where its step stands is being looked up."""
        fell, self.fell = self.fell, None
        return fell

    def refuse(self, why: str) -> None:
        """Say why a command was not carried out."""
        self.refusal, self.refusal_count = why, self.refusal_count + 1
        self.changed()

    def told_of(self, fault: Fault) -> str:
        """A part of ours failed: say so, write the report, and let nothing more happen by itself. The sentence."""
        sentence = self.faults.found(fault)
        self.fault = sentence
        self.refuse(sentence)
        if self.is_conductor and self.recorder.state.opened is not None:
            with contextlib.suppress(Exception):
                self.recorder.note(e.FaultFound(step=self.working, part=fault.part, message=sentence))
        if self.work is not None:
            self.work.control.ask(Stop(e.HoldKind.FAULT, sentence))
        return sentence

    def saw(self) -> None:
        """A pane has a new reading."""
        if self.work is not None:
            self.work.control.new_figures()
        self.changed()

    def remember(self) -> None:
        """Note the figures of this moment for the plots."""
        activity = None if self.work is None else self.work.activity
        self.history = self.history.noting(self.samples(), activity, time.monotonic())

    def look_at(self, subject: Subject | None) -> None:
        """A person has opened this row, or closed the one before."""
        self.looked = None if subject is None else Looked(subject)
        self.look_changed.set()
        self.changed()

    def looked_now(self, looked: Looked) -> None:
        """What was asked of the row that is open has been answered, or not; of another row it is of no use."""
        if self.looked is not None and self.looked.subject == looked.subject:
            self.looked = looked
            self.changed()

    def answered(self) -> None:
        """A person has seen what was refused or failed, and goes on."""
        self.refusal = self.fault = None

    def _fenced(self, why: str) -> None:
        """Our session does not hold the run: everything is opened and read anew before anything else is done."""
        self.reopen(why)
        self._halt(e.HoldKind.CONNECTION, why)
        self.changed()

    def _stopped(self, why: str) -> None:
        """The journal cannot be written, or is not whole: nothing goes on until a person has seen to it."""
        if self.recorder.damage is not None:
            self.observe()
            why = self.recorder.damage.until_taken_on
        self._halt(e.HoldKind.JOURNAL, why)
        self.refuse(why)

    def _halt(self, kind: e.HoldKind, why: str) -> None:
        if self.work is not None:
            self.work.control.ask(Stop(kind, why))
