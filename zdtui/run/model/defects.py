"""Telling a defect of ours from what a server, a network or an operator does."""

import asyncio

import psycopg

from zdtui.errors import ZdtuiError

EXPECTED = (psycopg.Error, psycopg.Rollback, ZdtuiError, OSError, asyncio.CancelledError)
"""What a server, a network and an operator do. A cancellation that was not ours is seen where the task ends."""


def defect_behind(error: BaseException) -> BaseException | None:
    """The first error behind this one that nobody expects of a server, a network or an operator."""
    behind = error.__cause__ or error.__context__
    while behind is not None:
        if not isinstance(behind, EXPECTED) and not _is_how_asyncio_looks(behind):
            return behind
        behind = behind.__cause__ or behind.__context__
    return None


def _is_how_asyncio_looks(error: BaseException) -> bool:
    """asyncio asks its selector for a socket before it registers it, and learns from a KeyError that it is new.

    Where the socket was closed meanwhile, that error stands behind the one that says so.
    """
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return isinstance(error, KeyError) and trace is not None and trace.tb_frame.f_globals.get("__name__") == "selectors"
