"""What is wrong with a connection URI that libpq would take apart at the wrong place. Pure; no part of it is shown.

libpq ends a password at the first `@` and a host at the first `/`: of a password that holds one of them unescaped the
rest becomes a host, a port or a database, is looked up, and is printed in errors.
"""

import re

SCHEME = re.compile(r"\s*postgres(?:ql)?://")
PORT = re.compile(r"[0-9]{0,5}\Z")
LAST_PORT = 65535
ESCAPES = "in a user name or a password write @ as %40, : as %3A, / as %2F, ? as %3F, % as %25 and a blank as %20"
QUOTABLE = re.compile(r"%(?![0-9A-Fa-f]{2})")


def uri_defect(conninfo: str) -> str | None:
    """One sentence for a URI that cannot be meant as it is written, else None; None for what is no URI."""
    scheme = SCHEME.match(conninfo)
    defect = None if scheme is None else _defect(conninfo[scheme.end() :])
    return None if defect is None else f"the connection string cannot be understood: {defect}; {ESCAPES}"


def password_as_written(conninfo: str) -> str | None:
    """The password in a URI, with its escapes; None where there is none."""
    scheme = SCHEME.match(conninfo)
    found = None if scheme is None else re.match(r"[^:@/]*:([^@]+)@", conninfo[scheme.end() :])
    return None if found is None else found[1]


def _defect(rest: str) -> str | None:
    """Of what follows the scheme."""
    ats = rest.split("?", 1)[0].count("@")
    if ats > 1:
        return f"the URI has {_times(ats)} @ and one is meant"
    if QUOTABLE.search(rest):
        return "the URI has a % with no two digits after it"
    hosts = re.split(r"[/?]", rest, maxsplit=1)[0].rsplit("@", 1)[-1]
    if not all(_has_a_port(host) for host in hosts.split(",")):
        return "where the URI should have a port there is no number, perhaps because a password holds what ends it"
    return None


def _times(count: int) -> str:
    return {2: "two", 3: "three"}.get(count, str(count))


def _has_a_port(host: str) -> bool:
    """Whether what follows the host is a port, or nothing; an IPv6 address stands in brackets."""
    after = host.rsplit("]", 1)[-1] if host.startswith("[") else host
    _, colon, port = after.partition(":")
    return not colon or (PORT.match(port) is not None and int(port or 0) <= LAST_PORT)
