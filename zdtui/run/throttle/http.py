"""One HTTP question with one deadline: the status is the answer, and no more is read than the head it comes with.

Written on asyncio's streams, because what is needed is little and must be sure: nothing here waits in a thread that
somebody else's server could keep, and anything but a well-formed answer in time is no answer.
"""

import asyncio
import re
import socket
import ssl
import threading
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import urljoin

from zdtui.plan.address import Address, parse_address

MOST_READ = 16 * 1024
"""Bytes a head may have."""
REDIRECTS = 3
STATUS = re.compile(rb"HTTP/1\.[01] ([1-5][0-9][0-9])(?: [^\r\n]*)?\r?\n")
LOCATION = re.compile(rb"\r?\nlocation:[ \t]*([^\r\n]*?)[ \t]*(?=\r?\n)", re.IGNORECASE)
HEAD_ENDS = re.compile(rb"\r?\n\r?\n")
MOVED = (301, 302, 303, 307, 308)


class NoAnswerError(Exception):
    """There was none; the message is a clause that says why."""


@dataclass
class Client:
    """Asks for statuses, one at a time."""

    _tls: ssl.SSLContext | None = None
    _looking_up: threading.Event = field(default_factory=threading.Event, repr=False)
    """Set while a thread looks up a name: there is never a second one."""

    async def status(self, url: str, timeout: timedelta) -> int:
        """The status of GET. Raises NoAnswerError for everything that is not an answer within the deadline."""
        try:
            async with asyncio.timeout(timeout.total_seconds()):
                return await self._follow(parse_address(url))
        except TimeoutError:
            raise NoAnswerError(f"no answer within {timeout.total_seconds():g} s") from None
        except ssl.SSLError as error:
            raise NoAnswerError(f"TLS: {error.reason or 'refused'}") from None
        except OSError as error:
            raise NoAnswerError(error.strerror or " ".join(str(error).split()) or type(error).__name__) from None
        except ValueError as error:
            raise NoAnswerError(str(error)) from None

    async def _follow(self, address: Address) -> int:
        for _ in range(REDIRECTS + 1):
            status, location = await self._ask(address)
            if status not in MOVED or location is None:
                return status
            address = _same_host(address, location)
        raise NoAnswerError(f"more than {REDIRECTS} redirects")

    async def _ask(self, address: Address) -> tuple[int, str | None]:
        reader, writer = await self._connect(address)
        try:
            writer.write(
                f"GET {address.target} HTTP/1.1\r\nHost: {address.authority}\r\nUser-Agent: zdtui\r\n"
                "Accept: */*\r\nConnection: close\r\n\r\n".encode("ascii")
            )
            return await _read_head(reader)
        finally:
            writer.transport.abort()

    async def _connect(self, address: Address) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if address.is_encrypted and self._tls is None:
            self._tls = ssl.create_default_context()
        refused: OSError | None = None
        for host in await self._resolve(address):
            try:
                if not address.is_encrypted:
                    return await asyncio.open_connection(host, address.port, limit=MOST_READ)
                return await asyncio.open_connection(
                    host, address.port, limit=MOST_READ, ssl=self._tls, server_hostname=address.host
                )
            except ssl.SSLError:
                raise
            except OSError as error:
                refused = error
        raise refused or NoAnswerError(f"{address.host} has no address")

    async def _resolve(self, address: Address) -> list[str]:
        """In a thread that ends with the process: a resolver that hangs must not keep it."""
        if self._looking_up.is_set():
            raise NoAnswerError(f"the name {address.host} is still being looked up")
        loop = asyncio.get_running_loop()
        found: asyncio.Future[list[str]] = loop.create_future()

        def look_up() -> None:
            what: list[str] | Exception
            try:
                infos = socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)
                what = list(dict.fromkeys(str(info[4][0]) for info in infos))
            except (OSError, UnicodeError):
                what = NoAnswerError(f"the name {address.host} is not known")
            self._looking_up.clear()
            _tell(loop, found, what)

        self._looking_up.set()
        threading.Thread(target=look_up, name="zdtui throttle address", daemon=True).start()
        return await found


def _tell(loop: asyncio.AbstractEventLoop, found: "asyncio.Future[list[str]]", what: "list[str] | Exception") -> None:
    """From the thread to the loop, if anybody still waits there."""

    def settle() -> None:
        if not found.done():
            if isinstance(what, Exception):
                found.set_exception(what)
            else:
                found.set_result(what)

    try:
        loop.call_soon_threadsafe(settle)
    except RuntimeError:
        return  # the loop is closed: nobody waits


async def _read_head(reader: asyncio.StreamReader) -> tuple[int, str | None]:
    """The status and where it points to; what is only informational (1xx) is passed over."""
    data = b""
    while True:
        while (ends := HEAD_ENDS.search(data)) is None:
            if len(data) > MOST_READ:
                raise NoAnswerError("the head of the answer does not end")
            if data and not b"HTTP/1.".startswith(data[:7]):
                raise NoAnswerError("the answer is not HTTP")
            more = await reader.read(4096)
            if not more:
                raise NoAnswerError("the connection was closed before the answer was complete")
            data += more
        head = data[: ends.end()]
        status = STATUS.match(head)
        if status is None:
            raise NoAnswerError("the answer is not HTTP")
        if status.group(1) >= b"200":
            location = LOCATION.search(head)
            return int(status.group(1)), location.group(1).decode("latin-1") if location else None
        data = data[ends.end() :]


def _same_host(address: Address, location: str) -> Address:
    """Where a redirect points to. Raises NoAnswerError when that is somebody else, or in clear text after TLS."""
    port = f":{address.port}"
    host = f"[{address.host}]" if ":" in address.host else address.host
    try:
        there = parse_address(urljoin(f"{address.scheme}://{host}{port}{address.target}", location))
    except ValueError:
        raise NoAnswerError("it redirects to what is no address") from None
    if there.host != address.host or (address.is_encrypted and not there.is_encrypted):
        raise NoAnswerError("it redirects to another host")
    if (there.scheme, there.port) != (address.scheme, address.port) and not there.is_encrypted:
        raise NoAnswerError("it redirects to another port")
    return there
