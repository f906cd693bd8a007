"""What the team's own throttle answers, by a query or an HTTP address: go, slow or stop."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from typing import Any

import psycopg

from zdtui.plan.model import Answer
from zdtui.run.throttle.http import Client, NoAnswerError


@dataclass(frozen=True, slots=True)
class Reply:
    """What was answered or, when nothing was, why."""

    answer: Answer | None
    why: str = ""


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


async def reply_of_query(connection: psycopg.AsyncConnection[Any], query: str, timeout: timedelta) -> Reply:
    """What the query answers. Raises psycopg.Error only when the session is gone, TimeoutError when it is stuck."""
    async with asyncio.timeout(timeout.total_seconds()):
        try:
            row = await (await connection.execute(query.encode())).fetchone()
        except psycopg.Error as error:
            if connection.closed or connection.broken:
                raise
            return Reply(None, " ".join(str(error).split()))
    if not row:
        return Reply(None, "it gave no row")
    answer = answer_of(row[0])
    return Reply(answer) if answer is not None else Reply(None, "it gave neither go, slow nor stop")


async def ask_query(connection: psycopg.AsyncConnection[Any], query: str, timeout: timedelta) -> Answer | None:
    """The answer of the query; None when there was none in time or it cannot be understood."""
    try:
        return (await reply_of_query(connection, query, timeout)).answer
    except (psycopg.Error, TimeoutError):
        return None


async def reply_of_address(client: Client, url: str, timeout: timedelta) -> Reply:
    """What the address answers."""
    try:
        return Reply(answer_of_status(await client.status(url, timeout)))
    except NoAnswerError as error:
        return Reply(None, str(error))


async def ask_url(url: str, timeout: timedelta) -> Answer | None:
    """The answer of the address; None when there was none in time."""
    return (await reply_of_address(Client(), url, timeout)).answer
