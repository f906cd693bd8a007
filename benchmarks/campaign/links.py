"""Proxies through which the consoles reach the server: each may be cut, slowed down, or turned into a black hole.

One loop on one thread serves all links. A link leads to wherever the route points, as a virtual address does.
"""

import asyncio
import contextlib
import socket
import struct
import threading
import time
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any

from zdtui.demo.embedded import LOOPBACK

CHUNK = 16_384


@dataclass(slots=True)
class Weather:
    """How a link behaves now, in both directions."""

    delay: float = 0.0
    """Seconds that each byte is late."""
    bytes_per_second: float | None = None
    holds: bool = False
    """Nothing is forwarded; it comes when the weather is better."""
    loses: bool = False
    """Nothing is forwarded, and what is connected now stays so for ever, as behind a firewall that forgot it."""
    refuses: bool = False
    """New connections are reset."""


class Flow:
    """One connection through a link: two streams, and whether it was forgotten."""

    def __init__(self, link: "Link", client: asyncio.StreamWriter, server: asyncio.StreamWriter) -> None:
        self.link, self.client, self.server = link, client, server
        self.forgotten = False

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One direction, until either end closes."""
        late: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()
        sender = asyncio.create_task(self._send(late, writer))
        try:
            while data := await reader.read(CHUNK):
                self.forgotten = self.forgotten or self.link.weather.loses
                if not self.forgotten:
                    late.put_nowait((time.monotonic() + self.link.weather.delay, data))
            if not self.forgotten:
                late.put_nowait((time.monotonic() + self.link.weather.delay, b""))
                await sender
        except OSError:
            pass
        finally:
            sender.cancel()

    async def _send(self, late: asyncio.Queue[tuple[float, bytes]], writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while True:
                due, data = await late.get()
                await asyncio.sleep(max(0.0, due - time.monotonic()))
                if speed := self.link.weather.bytes_per_second:
                    await asyncio.sleep(len(data) / speed)
                await self.link.forwards.wait()
                if not data:
                    return
                if not self.forgotten:
                    writer.write(data)
                    await writer.drain()

    def reset(self, *writers: asyncio.StreamWriter) -> None:
        """Close these ends with RST."""
        for writer in writers:
            with contextlib.suppress(OSError, AttributeError):
                end: socket.socket = writer.get_extra_info("socket")
                end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            writer.transport.abort()


@dataclass(eq=False)
class Link:
    """A port of its own for one console (or for the standby)."""

    name: str
    links: "Links"
    port: int = 0
    weather: Weather = field(default_factory=Weather)
    flows: set[Flow] = field(default_factory=set)
    server: asyncio.Server | None = None
    forwards: asyncio.Event = field(default_factory=asyncio.Event)
    """Cleared while the weather holds everything."""

    def __post_init__(self) -> None:
        self.forwards.set()

    def dsn(self, database: str, user: str) -> str:
        """A URI that leads through it."""
        return f"postgresql://{user}@{LOOPBACK}:{self.port}/{database}"

    def become(self, **weather: Any) -> None:
        """Change the weather."""
        self.links.do(self._become(Weather(**weather)))

    async def _become(self, weather: Weather) -> None:
        self.weather = weather
        if weather.holds:
            self.forwards.clear()
        else:
            self.forwards.set()
        if weather.loses:
            for flow in self.flows:
                flow.forgotten = True

    def cut(self, client: bool = True, server: bool = True) -> None:
        """Reset what is connected: both ends, or one of them; the other end then hears nothing, for ever."""
        self.links.do(self._cut(client, server))

    async def _cut(self, client: bool, server: bool) -> None:
        for flow in list(self.flows):
            flow.forgotten = True
            flow.reset(*([flow.client] if client else []), *([flow.server] if server else []))

    async def met(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """A new connection."""
        if self.weather.refuses:
            Flow(self, writer, writer).reset(writer)
            return
        try:
            there, away = await asyncio.open_connection(LOOPBACK, self.links.leads_to)
        except OSError:
            Flow(self, writer, writer).reset(writer)
            return
        self.links.owners[away.get_extra_info("sockname")[1]] = self.name
        flow = Flow(self, writer, away)
        self.flows.add(flow)
        ways = [asyncio.create_task(flow.carry(reader, away)), asyncio.create_task(flow.carry(there, writer))]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
            if flow.forgotten:
                await asyncio.wait(ways)
        finally:
            for way in ways:
                way.cancel()
            self.flows.discard(flow)
            for each in (writer, away):
                each.close()


class Links:
    """All links, and where they lead."""

    def __init__(self) -> None:
        self.leads_to = 0
        """Port of the server that is the primary now."""
        self.owners: dict[int, str] = {}
        """Which link a connection of the server came by: by its client_port."""
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="links", daemon=True)
        self._thread.start()
        self._links: list[Link] = []

    def do(self, work: Coroutine[Any, Any, Any]) -> Any:
        """Run it on the loop and wait for it."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    def open(self, name: str) -> Link:
        """A new link."""
        link = Link(name, self)

        async def listen() -> None:
            link.server = await asyncio.start_server(link.met, LOOPBACK, 0)
            link.port = link.server.sockets[0].getsockname()[1]

        self.do(listen())
        self._links.append(link)
        return link

    def close(self, link: Link) -> None:
        """Close a link and all that goes through it."""

        async def end() -> None:
            if link.server is not None:
                link.server.close()
            for flow in list(link.flows):
                flow.forgotten = False
                flow.reset(flow.client, flow.server)

        self.do(end())
        if link in self._links:
            self._links.remove(link)

    def stop(self) -> None:
        """Close all of them and end the thread."""
        for link in list(self._links):
            self.close(link)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
