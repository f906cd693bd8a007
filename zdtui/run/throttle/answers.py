"""What the team's own throttle answers, by a query or an HTTP address: go, slow or stop."""

import asyncio
import urllib.error
import urllib.request
from datetime import timedelta
from http import HTTPStatus
from typing import Any

import psycopg

from zdtui.plan.model import Answer


def answer_of(value: object) -> Answer | None:
    """go, slow or stop in any case; true and false mean go and stop. None for anything else."""
    if isinstance(value, bool):
        return Answer.GO if value else Answer.STOP
    word = str(value).strip().lower()
    return Answer(word) if word in tuple(Answer) else None


def answer_of_status(status: int) -> Answer:
    """As gh-ost's throttle-http: 200 is go; 429 Too Many Requests is slow; anything else is stop."""
    match status:
        case HTTPStatus.OK:
            return Answer.GO
        case HTTPStatus.TOO_MANY_REQUESTS:
            return Answer.SLOW
        case _:
            return Answer.STOP


async def ask_query(connection: psycopg.AsyncConnection[Any], query: str, timeout: timedelta) -> Answer | None:
    """The answer of the query; None when there was none in time or it cannot be understood."""
    try:
        async with asyncio.timeout(timeout.total_seconds()):
            row = await (await connection.execute(query.encode())).fetchone()
    except (psycopg.Error, TimeoutError):
        return None
    return None if not row else answer_of(row[0])


async def ask_url(url: str, timeout: timedelta) -> Answer | None:
    """The answer of the address; None when there was none in time."""
    try:
        async with asyncio.timeout(timeout.total_seconds()):
            return await asyncio.to_thread(_status, url, timeout.total_seconds())
    except TimeoutError:
        return None


def _status(url: str, seconds: float) -> Answer | None:
    request = urllib.request.Request(url, headers={"User-Agent": "zdtui"})
    try:
        with urllib.request.urlopen(request, timeout=seconds) as response:
            return answer_of_status(response.status)
    except urllib.error.HTTPError as error:
        with error:
            return answer_of_status(error.code)
    except (OSError, ValueError):
        return None
