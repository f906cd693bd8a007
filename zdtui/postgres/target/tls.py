"""libpq's TLS settings as an ssl.SSLContext, for the driver that is not libpq."""

import ssl
from collections.abc import Mapping
from pathlib import Path
from typing import Any

VERIFYING = ("verify-ca", "verify-full")
VERSIONS = {
    "TLSv1": ssl.TLSVersion.TLSv1,
    "TLSv1.1": ssl.TLSVersion.TLSv1_1,
    "TLSv1.2": ssl.TLSVersion.TLSv1_2,
    "TLSv1.3": ssl.TLSVersion.TLSv1_3,
}


class NamedContext(ssl.SSLContext):
    """A context that checks (and asks for) one host name, whatever address the socket went to."""

    named = ""

    def wrap_bio(
        self,
        incoming: ssl.MemoryBIO,
        outgoing: ssl.MemoryBIO,
        server_side: bool = False,
        server_hostname: str | bytes | None = None,
        session: ssl.SSLSession | None = None,
    ) -> ssl.SSLObject:
        """As ssl.SSLContext, but the name is the one the person gave: the address was looked up from it before."""
        return super().wrap_bio(incoming, outgoing, server_side, self.named or server_hostname, session)


def client_context(options: Mapping[str, str], host: str) -> ssl.SSLContext:
    """The context that asks of the server what libpq asked of it under these resolved `options` (sslmode ...).

    https://www.postgresql.org/docs/current/libpq-ssl.html, tables 32.1 and 32.2. Only called when libpq did use TLS.
    ssl.SSLError or OSError when a file that libpq could use cannot be read here.
    """
    context = NamedContext(ssl.PROTOCOL_TLS_CLIENT)
    context.named = host
    _verification(context, options)
    _own_certificate(context, options)
    _versions(context, options)
    return context


def _verification(context: ssl.SSLContext, options: Mapping[str, str]) -> None:
    mode = options.get("sslmode", "prefer")
    root = _file(options, "sslrootcert", "root.crt")
    system = options.get("sslrootcert") == "system"
    context.check_hostname = mode == "verify-full"
    if mode not in VERIFYING and not (mode == "require" and root):
        context.verify_mode = ssl.CERT_NONE
        return
    context.verify_mode = ssl.CERT_REQUIRED
    if system:
        context.load_default_certs()
    elif root:
        context.load_verify_locations(root)
    if revoked := _file(options, "sslcrl", "root.crl"):
        context.load_verify_locations(revoked)
        context.verify_flags |= ssl.VERIFY_CRL_CHECK_CHAIN


def _own_certificate(context: ssl.SSLContext, options: Mapping[str, str]) -> None:
    certificate = _file(options, "sslcert", "postgresql.crt")
    key = _file(options, "sslkey", "postgresql.key")
    if certificate and options.get("sslcertmode") != "disable":
        passphrase = options.get("sslpassword", "")
        context.load_cert_chain(certificate, key, lambda: passphrase)


def _versions(context: ssl.SSLContext, options: Mapping[str, str]) -> None:
    limits: dict[str, Any] = {
        "minimum_version": VERSIONS.get(options.get("ssl_min_protocol_version", "")),
        "maximum_version": VERSIONS.get(options.get("ssl_max_protocol_version", "")),
    }
    for attribute, version in limits.items():
        if version is not None:
            setattr(context, attribute, version)


def _file(options: Mapping[str, str], keyword: str, default: str) -> str | None:
    """The file a keyword names, else libpq's default in ~/.postgresql when it exists."""
    named = options.get(keyword)
    if named == "system":
        return None
    path = Path(named) if named else Path.home() / ".postgresql" / default
    return str(path) if named or path.exists() else None
