"""The events that wait to be written, in order, and those who wait for them to be."""

import asyncio
import contextlib
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from zdtui.errors import JournalError
from zdtui.run.journal.unwritten import Unwritten


@dataclass
class WaitingEvents:
    """Some are true already; some become true only when they are written, and somebody waits for that."""

    pending: deque[Unwritten] = field(default_factory=deque)
    _futures: dict[Unwritten, asyncio.Future[None]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.pending)

    def add(self, unwritten: Unwritten) -> None:
        """Something that is true already."""
        self.pending.append(unwritten)

    def add_and_wait(self, unwritten: Unwritten) -> asyncio.Future[None]:
        """Something that is to become true; done when it is written, JournalError when it will not be."""
        written: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._futures[unwritten] = written
        self.pending.append(unwritten)
        return written

    def is_waited_for(self, unwritten: Unwritten) -> bool:
        """Whether it is not true yet."""
        return unwritten in self._futures

    def true_already(self) -> Iterator[Unwritten]:
        """In order."""
        return (each for each in self.pending if each not in self._futures)

    def keep(self, these: Iterable[Unwritten]) -> None:
        """The others are not to be written."""
        self.pending = deque(these)

    def written(self, these: Iterable[Unwritten]) -> None:
        """They are in the journal."""
        for each in these:
            self._answer(each, None)
            self.forget(each)

    def refuse(self, error: JournalError) -> None:
        """Those who wait to act are told no; what already happened stays."""
        for each in list(self._futures):
            self._answer(each, error)
            self.forget(each)

    def forget(self, unwritten: Unwritten) -> None:
        """It is not to be written, and nobody waits for it."""
        self._futures.pop(unwritten, None)
        with contextlib.suppress(ValueError):
            self.pending.remove(unwritten)

    def _answer(self, unwritten: Unwritten, error: JournalError | None) -> None:
        waiting = self._futures.pop(unwritten, None)
        if waiting is None or waiting.done():
            return
        if error is None:
            waiting.set_result(None)
        else:
            waiting.set_exception(error)
