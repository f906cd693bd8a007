"""The list of panes that show what is sampled: layout, tabs, order, numbers, keys, help and style follow from it.

A pane is one entry here. What it shows is a view in `screens/views`, of a sample that `zdtui/watch` takes.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, assert_never

from screens.look import Look
from screens.rows import Row, Span
from screens.scene import Scene
from screens.views.locking import locks_pane_rows
from screens.views.locks import locks_title
from screens.views.pane import not_seen, pane_title
from screens.views.progress import progress_rows, progress_title
from screens.views.queries import queries_rows, queries_title
from screens.views.replication import replication_rows, replication_title
from zdtui.watch.samples import Pane, Reading, Samples

PLAN, STEP = "plan", "step"
"""The two panes that show no sample: the plan's steps, and the one that is selected."""
FIRST_NUMBER = 2
"""The key 1 is the plan's and the step's."""


@dataclass(frozen=True, slots=True)
class Height:
    """How high a pane is beside others. One that stands alone takes all there is."""

    rows: int
    """This many, or at least this many if it shares what is left."""
    shares: bool = True


@dataclass(frozen=True, slots=True)
class Shown:
    """How one kind of sample is shown: all that the console has to know of a pane."""

    name: str
    """For people: in its title and its tab, and, in lower case, what its key is called."""
    says: str
    """One sentence for the help and the palette."""
    reading: Callable[[Samples], Reading[Any]]
    """What it shows: its title tells the age when that is old."""
    title: Callable[[Scene], str]
    """What matters most, in a few words after the name; empty while there is no sample."""
    rows: Callable[[Scene], list[Row]]
    selects: bool
    """Whether a row can be selected, and so opened: those that have a key."""
    signals: bool
    """Whether rows stand for backends that C and K act on: those whose key is a backend's."""
    sorts: bool
    """Whether < and > sort it, o leaves out the young, and d those of other databases."""
    height: Height


def shown(pane: Pane) -> Shown | None:
    """How the console shows what is sampled; None where no pane of its own shows it. The order of `Pane` is theirs."""
    match pane:
        case Pane.LOCKS:
            return Shown(
                name="Locks",
                says="Who blocks whom.",
                reading=lambda samples: samples.locks,
                title=locks_title,
                rows=locks_pane_rows,
                selects=True,
                signals=True,
                sorts=False,
                height=Height(4),
            )
        case Pane.QUERIES:
            return Shown(
                name="Queries",
                says="Long-running and idle in transaction.",
                reading=lambda samples: samples.queries,
                title=queries_title,
                rows=queries_rows,
                selects=True,
                signals=True,
                sorts=True,
                height=Height(4),
            )
        case Pane.REPLICATION:
            return Shown(
                name="Replication",
                says="Standbys and slots.",
                reading=lambda samples: samples.replication,
                title=replication_title,
                rows=replication_rows,
                selects=True,
                signals=False,
                sorts=False,
                height=Height(8, shares=False),
            )
        case Pane.PROGRESS:
            return Shown(
                name="Progress",
                says="How far our work is.",
                reading=lambda samples: samples.progress,
                title=progress_title,
                rows=progress_rows,
                selects=True,
                signals=True,
                sorts=False,
                height=Height(9),
            )
        case Pane.WEIGHTS | Pane.SERVER:
            return None  # the hazards of a step and the signals of the throttle show these
        case _:
            assert_never(pane)


@dataclass(frozen=True, slots=True)
class LivePane:
    """A pane with its place among the others."""

    id: str
    """Of its widget; also what `Focus.pane` is while it has the keys."""
    number: int
    """Its key, and where its tab stands."""
    shown: Shown

    @property
    def action(self) -> str:
        """The id of the action that goes to it, by which its key can be given another place."""
        return f"pane_{self.number}"

    def title(self, scene: Scene) -> Row:
        """' 2 Locks · 3 waiting ', with the age of what is old."""
        reading = self.shown.reading(scene.snapshot.samples)
        return pane_title(scene, self.number, self.shown.name, self.shown.title(scene), reading)

    def summary(self, scene: Scene) -> Row:
        """The same for a pane that is not open: why there is nothing to be told stands there, too."""
        unseen = not_seen(self.shown.reading(scene.snapshot.samples))
        title = self.title(scene)
        return title if unseen is None else Row((*title.spans, Span(f"· {unseen}", Look.QUIET)))


def _in_order() -> list[tuple[Pane, Shown]]:
    return [(pane, how) for pane in Pane if (how := shown(pane)) is not None]


LIVE: tuple[LivePane, ...] = tuple(
    LivePane(pane.value, number, how) for number, (pane, how) in enumerate(_in_order(), FIRST_NUMBER)
)
"""In the order of their numbers."""
ORDER = (PLAN, STEP, *(each.id for each in LIVE))
"""In which Tab goes from pane to pane."""
TABS = ("Step", *(each.shown.name for each in LIVE))
"""What a small screen shows one of, in the order of their numbers."""


def live_pane(pane_id: str) -> LivePane | None:
    """The pane of that id; None for the plan and the step."""
    return next((each for each in LIVE if each.id == pane_id), None)


def number_of(pane_id: str) -> int:
    """The key that goes to the pane: the plan's and the step's is 1."""
    live = live_pane(pane_id)
    return 1 if live is None else live.number


def pane_of(number: int) -> str:
    """What a small screen shows below the plan for that key."""
    return STEP if number == 1 else LIVE[number - FIRST_NUMBER].id


def selects_backend(pane_id: str) -> bool:
    """Whether a backend can be selected in that pane."""
    live = live_pane(pane_id)
    return live is not None and live.shown.signals


def sorting() -> str:
    """The panes that can be sorted."""
    return " and ".join(each.shown.name for each in LIVE if each.shown.sorts)


def selecting() -> str:
    """The panes in which a backend can be selected: 'locks, queries or progress'."""
    names = [each.id for each in LIVE if each.shown.signals]
    return " or ".join(filter(None, (", ".join(names[:-1]), names[-1])))
