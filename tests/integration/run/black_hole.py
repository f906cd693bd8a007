"""A link in the middle that can go dead: it goes on acknowledging what it is sent, and forwards nothing."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field


@dataclass
class Link:
    """One connection through it."""

    dead: bool = False
    writers: tuple[asyncio.StreamWriter, ...] = ()


@dataclass
class BlackHole:
    """What the test does to the link."""

    port: int = 0
    links: list[Link] = field(default_factory=list)
    swallows_new: bool = False
    """Whether connections made from now on are dead from the beginning."""

    words: int | None = None
    """Of connections made from now on: how many messages of the client are forwarded before they are dead."""

    def swallow(self, chosen: Callable[[int], bool] = lambda _: True) -> None:
        """Forward nothing any more on the connections whose number (0, 1 ... as they were made) is chosen."""
        for number, link in enumerate(self.links):
            link.dead = link.dead or chosen(number)

    def cut(self) -> None:
        """Close every connection at once."""
        for link in self.links:
            for writer in link.writers:
                writer.transport.abort()


@asynccontextmanager
async def black_hole(host: str, port: int) -> AsyncIterator[BlackHole]:
    """A port of 127.0.0.1 behind which the server of that socket folder (or host) and port stands."""
    hole, tasks = BlackHole(), set[asyncio.Task[None]]()

    async def carry(
        link: Link, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, words: int | None = None
    ) -> None:
        while data := await reader.read(65536):
            link.dead = link.dead or words == 0
            words = None if words is None else words - 1
            if not link.dead:
                writer.write(data)
        if not link.dead:
            writer.close()

    async def met(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        link = Link(dead=hole.swallows_new)
        hole.links.append(link)
        if host.startswith("/"):
            there, away = await asyncio.open_unix_connection(f"{host}/.s.PGSQL.{port}")
        else:
            there, away = await asyncio.open_connection(host, port)
        link.writers = (writer, away)
        for one, other, words in ((reader, away, hole.words), (there, writer, None)):
            task = asyncio.create_task(carry(link, one, other, words))
            tasks.add(task)
            task.add_done_callback(tasks.discard)

    server = await asyncio.start_server(met, "127.0.0.1", 0)
    hole.port = int(server.sockets[0].getsockname()[1])
    try:
        yield hole
    finally:
        server.close()
        for task in list(tasks):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        hole.cut()
        await asyncio.sleep(0)
