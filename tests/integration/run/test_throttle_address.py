"""Hostile answers to the throttle's address: each is no answer within the deadline, and none of them means go."""

import asyncio
import ssl
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest

from zdtui.plan.model import Answer
from zdtui.run.throttle.answers import Reply, reply_of_address
from zdtui.run.throttle.http import Client

DEADLINE = timedelta(seconds=1)
Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
GO = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"


@asynccontextmanager
async def serving(serve: Serve) -> AsyncIterator[str]:
    """An address that is served like this; what still hangs is cut off at the end."""
    tasks: set[asyncio.Task[None]] = set()

    async def served(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        try:
            await serve(reader, writer)
        except (ConnectionError, asyncio.CancelledError):
            return
        finally:
            writer.transport.abort()

    server = await asyncio.start_server(served, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/throttle"
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def says(*parts: bytes, every: float = 0.0) -> Serve:
    """Sends the parts, waits for ever after them, or for `every` seconds between them, over and over the last one."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        for part in parts:
            writer.write(part)
            await writer.drain()
        while every:
            await asyncio.sleep(every)
            writer.write(parts[-1])
            await writer.drain()
        await asyncio.Event().wait()

    return serve


async def closes(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    writer.close()


async def never_answers(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await asyncio.Event().wait()


async def asked(url: str) -> Reply:
    return await reply_of_address(Client(), url, DEADLINE)


@pytest.mark.parametrize(
    ("serve", "why"),
    [
        (says(b"HELLO\r\n\r\n"), "not HTTP"),
        (says(b"HTTP/9.9 200 OK\r\n\r\n"), "not HTTP"),
        (says(b"HTTP/1.1 200OK\r\n\r\n"), "not HTTP"),
        (says(b"HTTP/1.1 2e0 OK\r\n\r\n"), "not HTTP"),
        (says(b"HTTP/1.1 100 Continue\r\n\r\n"), "no answer within"),
        (says(b"HTTP/1.1 200 OK\r\n", b"X: y\r\n", every=0.05), "no answer within"),
        (says(b"HTTP/1.1 200 OK\r\n", b"X: y\r\n" * 5000), "does not end"),
        (says(b"H", every=0.05), "not HTTP"),
        (never_answers, "no answer within"),
        (closes, "closed before"),
        (says(b"HTTP/1.1 302 Found\r\nLocation: http://example.invalid/\r\n\r\n"), "another host"),
        (says(b"HTTP/1.1 302 Found\r\nLocation: file:///etc/passwd\r\n\r\n"), "no address"),
        (says(b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\n\r\n"), "another port"),
        (says(b"HTTP/1.1 302 Found\r\nLocation: /throttle\r\n\r\n"), "redirects"),
        (says(b"\x16\x03\x01" * 100), "not HTTP"),
        (says(b"\0" * 100), "not HTTP"),
    ],
)
async def test_what_is_no_answer_never_means_go(serve: Serve, why: str) -> None:
    async with serving(serve) as url, asyncio.timeout(30):
        reply = await asked(url)
    assert reply.answer is None
    assert why in reply.why


@pytest.mark.parametrize("every", [0.0, 0.05])
async def test_of_a_body_nothing_is_read_however_long_it_is_or_takes(every: float) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 10485760\r\n\r\n"
    async with serving(says(head, b"x" * (1 if every else 10 * 1024**2), every=every)) as url, asyncio.timeout(30):
        assert (await asked(url)).answer is Answer.GO


async def test_an_answer_in_pieces_and_after_a_redirect_of_its_own_is_one() -> None:
    async def moved(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        request = await reader.readuntil(b"\r\n\r\n")
        answer = GO if b" /new" in request else b"HTTP/1.1 307 Moved\r\nLocation: /new\r\n\r\n"
        for each in answer:
            writer.write(bytes([each]))
            await writer.drain()
        writer.close()

    async with serving(moved) as url:
        assert (await asked(url)).answer is Answer.GO


async def test_tls_is_verified_and_garbage_in_its_place_is_no_answer() -> None:
    async def garbage(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"\xff" * 4096)
        await writer.drain()
        await asyncio.Event().wait()

    async with serving(garbage) as url, asyncio.timeout(30):
        reply = await asked(url.replace("http://", "https://"))
    assert (reply.answer, "TLS" in reply.why) == (None, True)
    client = Client()
    async with serving(never_answers) as url:
        await reply_of_address(client, url.replace("http://", "https://"), DEADLINE)
    assert client._tls is not None
    assert (client._tls.verify_mode, client._tls.check_hostname) == (ssl.CERT_REQUIRED, True)


async def test_a_name_nobody_knows_is_no_answer_and_no_thread_is_left() -> None:
    before = threading.active_count()
    assert "is not known" in (await asked("http://no-such-host.invalid/")).why
    async with serving(says(b"HTTP/1.1 200 OK\r\n", b"X: y\r\n", every=0.05)) as url:
        for _ in range(3):
            assert (await asked(url)).answer is None
    assert threading.active_count() <= before


@pytest.mark.parametrize("url", ["file:///etc/passwd", "//x", "http://a b/", "ftp://x/", "http://u:p@x/", ""])
async def test_what_is_no_address_is_not_asked(url: str) -> None:
    assert (await asked(url)).answer is None
