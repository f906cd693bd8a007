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
        if not isinstance(behind, EXPECTED):
            return behind
        behind = behind.__cause__ or behind.__context__
    return None
