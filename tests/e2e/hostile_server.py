"""A server that speaks just enough of the protocol to refuse a client with a text of its own, or to want a password."""

import contextlib
import socket
import struct
import threading
from collections.abc import Iterator

SSL_REQUEST, GSS_REQUEST = 80877103, 80877104


def _fatal(message: bytes) -> bytes:
    fields = b"SFATAL\0VFATAL\0C28000\0" + b"M" + message + b"\0" + b"D" + message + b"\0" + b"\0"
    return b"E" + struct.pack("!I", len(fields) + 4) + fields


def _answer(client: socket.socket, answer: bytes) -> None:
    with client, contextlib.suppress(OSError, struct.error):
        while True:
            length, code = struct.unpack("!II", client.recv(8, socket.MSG_WAITALL))
            if code in (SSL_REQUEST, GSS_REQUEST):
                client.sendall(b"N")
                continue
            client.recv(length - 8, socket.MSG_WAITALL)
            client.sendall(answer)
            return


@contextlib.contextmanager
def _server(answer: bytes) -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            with contextlib.suppress(OSError):
                while True:
                    client, _ = listener.accept()
                    threading.Thread(target=_answer, args=(client, answer), daemon=True).start()

        threading.Thread(target=serve, daemon=True).start()
        yield listener.getsockname()[1]
        listener.shutdown(socket.SHUT_RDWR)


def hostile_server(message: bytes) -> contextlib.AbstractContextManager[int]:
    """The port on which every client is told this FATAL."""
    return _server(_fatal(message))


def asking_server() -> contextlib.AbstractContextManager[int]:
    """The port on which every client is asked for its password."""
    return _server(b"R" + struct.pack("!II", 8, 3))
