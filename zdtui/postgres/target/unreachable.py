"""Why a server could not be reached, as one sentence: what, where, what to do. Never the password."""

import re
from collections.abc import Mapping

from zdtui.sql.text.secrets import masked

ADVICE: tuple[tuple[str, str], ...] = (
    ("password authentication failed", "check the user and the password (PGPASSWORD, ~/.pgpass, service file)"),
    ("no password supplied", "give the password by PGPASSWORD, ~/.pgpass or the service file"),
    ("no pg_hba.conf entry", "have the server's pg_hba.conf let this user in from here, or ask for TLS (sslmode)"),
    ("authentication failed", "check the user, and how pg_hba.conf lets it in"),
    ("certificate", "check sslmode, sslrootcert and the host name"),
    ("does not support SSL", "ask the server's owner for TLS, or lower sslmode if the link is trusted"),
    ("definition of service", "check the name of the service and PGSERVICEFILE"),
    ('database "', "check the database name"),
    ('role "', "check the user name"),
    ("too many clients", "free a connection on the server and try again"),
    ("remaining connection slots", "free a connection on the server and try again"),
    ("starting up", "wait until the server has started and try again"),
    ("shutting down", "wait until the server is back and try again"),
    ("in recovery mode", "wait until the server has recovered and try again"),
    ("resolve host", "check the host name, the network and the VPN"),
    ("translate host name", "check the host name, the network and the VPN"),
    ("refused", "check host and port, and that the server is running"),
    ("No such file", "check the socket folder and port, and that the server is running"),
    ("timeout", "check the network, the VPN and the firewall"),
    ("timed out", "check the network, the VPN and the firewall"),
    ("unreachable", "check the network and the VPN"),
    ("No route", "check the network and the VPN"),
)
"""The first part of a message that is found decides the advice: the exact ones come before the general ones."""

_NOISE = re.compile(r"^(connection failed: |connection is bad: )*(connection to server (at|on) .*? failed: )?")
_LEVEL = re.compile(r"^(FATAL|ERROR|PANIC):\s+")


def sentence(message: str, parameters: Mapping[str, object], secrets: tuple[str | None, ...] = ()) -> str:
    """One sentence of what libpq said (`message`), where, and what to do. `secrets` never appear in it."""
    cause = _cause(without_secrets(message, secrets))
    advice = next((advice for part, advice in ADVICE if part in cause), "check the connection settings")
    return masked(f"cannot connect to {where(parameters)}: {cause}; {advice}")


def malformed(message: str) -> str:
    """One sentence for a connection string libpq cannot read. What libpq quotes may be part of a password."""
    said = " ".join(message.split())
    if not said.startswith("invalid connection option"):
        said = re.sub(r'"[^"]*"', '"..."', said)
    return (
        f"the connection string cannot be understood: {masked(said)}; write 'host=db1 dbname=shop' or "
        "postgresql://db1/shop"
    )


def where(parameters: Mapping[str, object]) -> str:
    """'db1:5432 (database shop, user ana)' from libpq's parameters; every host of a list."""
    hosts = str(parameters.get("host") or parameters.get("hostaddr") or "the local socket").split(",")
    ports = str(parameters.get("port") or "5432").split(",")
    ports = ports * len(hosts) if len(ports) == 1 else ports
    address = ", ".join(f"{host}:{port or '5432'}" for host, port in zip(hosts, ports, strict=False))
    if parameters.get("service") and not parameters.get("host"):
        address = f"service {parameters['service']}"
    names = [
        f"{word} {parameters[key]}" for key, word in (("dbname", "database"), ("user", "user")) if parameters.get(key)
    ]
    return f"{address} ({', '.join(names)})" if names else address


def without_secrets(message: str, secrets: tuple[str | None, ...]) -> str:
    """The message with every secret struck out."""
    for secret in secrets:
        if secret:
            message = message.replace(secret, "***")
    return message


def _cause(message: str) -> str:
    first = message.split("\nMultiple connection attempts failed", 1)[0].strip()
    first = _NOISE.sub("", first.splitlines()[0] if first else "no reason was given")
    return _LEVEL.sub("", first).rstrip(".")
