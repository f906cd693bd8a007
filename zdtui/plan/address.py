"""The throttle's address: http or https, a host, nothing that a plan must not hold. Pure."""

from dataclasses import dataclass
from urllib.parse import urlsplit

PORTS = {"http": 80, "https": 443}
LONGEST = 2000


@dataclass(frozen=True, slots=True)
class Address:
    """Where a request goes, in its parts."""

    scheme: str
    host: str
    port: int
    target: str
    """Path and query, as the request line has them."""

    @property
    def authority(self) -> str:
        """The host as the Host header names it, with the port where it is not the usual one."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def is_encrypted(self) -> bool:
        """Whether it is spoken to over TLS."""
        return self.scheme == "https"


def parse_address(text: str) -> Address:
    """The address. Raises ValueError with a sentence that says what is wrong, and never repeats a password."""
    if not text.isascii() or not text.isprintable() or " " in text:
        raise ValueError("an address has no blanks and no other than ASCII letters; write those as %20 and the like")
    if len(text) > LONGEST:
        raise ValueError(f"an address of more than {LONGEST} letters is refused")
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise ValueError("this is no address; write it like https://throttle.example/go") from None
    if parts.scheme not in PORTS:
        raise ValueError("an address begins with http:// or https://")
    if "@" in parts.netloc:
        raise ValueError(
            "no user and no password in an address: the plan is kept in the journal, where others read it; "
            "use an address that needs none, or `query`"
        )
    if not parts.hostname or port == 0:
        raise ValueError(f"a host belongs after {parts.scheme}://, as in https://throttle.example/go")
    query = f"?{parts.query}" if parts.query else ""
    return Address(parts.scheme, parts.hostname, port or PORTS[parts.scheme], f"{parts.path or '/'}{query}")
