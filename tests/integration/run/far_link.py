"""A link with a delay: what a server feels like that stands in another town."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager


@asynccontextmanager
async def far_link(host: str, port: int, delay: float, direct: Callable[[], bool] | None = None) -> AsyncIterator[int]:
    """The port of 127.0.0.1 behind which a server stands, every byte `delay` seconds late in either direction.

    `host`: a name, or a folder with the server's Unix socket. `direct`: asked for each connection that is made; true:
    this one has no delay.
    """
    tasks: set[asyncio.Task[None]] = set()
    writers: list[asyncio.StreamWriter] = []

    async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, late: float) -> None:
        loop = asyncio.get_running_loop()
        while data := await reader.read(65536):
            loop.call_later(late, writer.write, data)
        loop.call_later(late, writer.close)

    async def met(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if host.startswith("/"):
            there, away = await asyncio.open_unix_connection(f"{host}/.s.PGSQL.{port}")
        else:
            there, away = await asyncio.open_connection(host, port)
        writers.extend((writer, away))
        late = 0.0 if direct is not None and direct() else delay
        for one, other in ((reader, away), (there, writer)):
            task = asyncio.create_task(carry(one, other, late))
            tasks.add(task)
            task.add_done_callback(tasks.discard)

    server = await asyncio.start_server(met, "127.0.0.1", 0)
    try:
        yield int(server.sockets[0].getsockname()[1])
    finally:
        server.close()
        for task in list(tasks):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for each in writers:
            each.transport.abort()
        await asyncio.sleep(0)
