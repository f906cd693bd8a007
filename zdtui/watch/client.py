"""Where a client connects from, as pg_stat_activity tells it. Pure; needs no driver."""


def client_address(address: str | None, port: int | None) -> str | None:
    """Where the client is: pg_stat_activity says port -1 and no address of one that came by a Unix socket."""
    return "local" if port == -1 else address


def client_port(port: int | None) -> int | None:
    """The port of the client's address; None with a Unix socket."""
    return None if port == -1 else port
