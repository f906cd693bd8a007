"""The go / no-go board: every preflight question with its answer. Nothing is confirmed here."""

from collections.abc import Iterator

from screens.dialogs.facts.target import on_fact
from screens.dialogs.frame.base import Dialog
from screens.dialogs.frame.now import Now
from screens.dialogs.frame.sheet import Answer, Fact, Page, Sheet
from screens.look import Look
from screens.text import one_line, pad, width_of
from zdtui import amounts
from zdtui.counted import counted
from zdtui.run.decisions.snapshot import Snapshot
from zdtui.run.model.commands import Command, RefreshBoard
from zdtui.run.preflight.board import Board, Check, Outcome

SYMBOLS = {Outcome.OK: "✓ ok  ", Outcome.WARN: "! warn", Outcome.STOP: "✗ STOP"}
LOOKS = {Outcome.OK: Look.STRONG, Outcome.WARN: Look.WARN, Outcome.STOP: Look.LOUD}
ASK_AGAIN = Answer("r", "ask again")
WIDEST_NAME = 28


def board_sheet(snapshot: Snapshot, now: Now) -> Sheet:
    """The board, the worst first said in one line."""
    board = snapshot.board
    return Sheet(
        title="Go / no-go",
        asks=(),
        pages=(Page("checks", "\n".join(board_lines(board))),) if board else (),
        facts=(on_fact(snapshot), overall(board, now)),
        production=snapshot.is_production,
        leave="close",
        keys=(ASK_AGAIN,),
    )


def overall(board: Board | None, now: Now) -> Fact:
    """GO or NO-GO, why, and how old that is."""
    if board is None:
        return Fact("board", "not asked yet: r asks the server", Look.STRONG)
    asked = f"asked {amounts.age(now.utc - board.taken_at)} ago"
    ok = f": {counted(len(board.checks), 'check is', 'checks are')} ok" if board.outcome is Outcome.OK else ""
    return Fact("board", f"{board.go}{ok}; {asked}", LOOKS[board.outcome])


def board_lines(board: Board) -> Iterator[str]:
    """A line a check: symbol and word, name, finding; what can be done about it on the next."""
    widest = min(WIDEST_NAME, max((width_of(one_line(check.name)) for check in board.checks), default=0))
    for check in board.checks:
        yield f"{SYMBOLS[check.outcome]}  {pad(one_line(check.name), widest)}  {one_line(check.finding)}"
        yield from _advice(check)


def _advice(check: Check) -> Iterator[str]:
    if check.advice and check.outcome is not Outcome.OK:
        yield f"        → {one_line(check.advice)}"


class BoardScreen(Dialog):
    """Shows the board; r asks the questions again."""

    def sheet(self, snapshot: Snapshot, now: Now) -> Sheet:
        """See `board_sheet`."""
        return board_sheet(snapshot, now)

    def command(self, given: tuple[str, ...]) -> Command | None:
        """Nothing: there is no question here."""
        return None

    def act(self, key: str) -> None:
        """Ask the server again; the answer comes with a later snapshot."""
        self.engine.submit(RefreshBoard())
